package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.rotunda.room.protocol.SessionId;

/**
 * The SHA-256 hash of a session id. The hash suffices to recognise the id. The id itself is a secret and is not
 * journalled.
 */
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
