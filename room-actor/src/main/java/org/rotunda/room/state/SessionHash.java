package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.rotunda.room.protocol.SessionId;

/** The hash of a session id. It is journalled in place of the id: it is enough to recognise the id, and cannot be used as one. */
final class SessionHash {
    private SessionHash() {}

    static String of(SessionId sessionId) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(sessionId.value().getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
