package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.rotunda.room.protocol.SessionId;

/**
 * The hash of a session id. The hash is journalled in place of the id, because it suffices to recognise the id but
 * cannot be used in its place.
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
