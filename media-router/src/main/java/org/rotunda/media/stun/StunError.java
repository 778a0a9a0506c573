package org.rotunda.media.stun;

import java.nio.charset.StandardCharsets;

/** Error codes with which an ICE agent refuses a request (RFC 8489 §14.8, RFC 8445 §7.3.1.1). */
public enum StunError {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    UNKNOWN_ATTRIBUTE(420, "Unknown Attribute"),
    ROLE_CONFLICT(487, "Role Conflict");

    private final int code;
    private final String reason;

    StunError(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    byte[] reason() {
        return reason.getBytes(StandardCharsets.US_ASCII);
    }
}
