package org.rotunda.gateway.turn;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountSid;

/**
 * Credentials for TURN servers that have the gateway's secret: {@code use-auth-secret} of coturn. The user name is the
 * time of expiry, in seconds since 1970, a colon and the name of the user. The password is the HMAC-SHA1 of the user
 * name with the secret as the key, in Base64. So the TURN server can check the credentials without asking the gateway.
 *
 * @param username what the client sends as USERNAME
 * @param password what the client signs its requests with; it must not reach the log
 */
public record TurnCredentials(String username, String password) {
    /** The length of a user's name in bytes. Two users of one deployment do not get the same name by chance. */
    private static final int USER_BYTES = 8;

    /**
     * Makes credentials.
     *
     * @param user the name of the user, which a TURN server counts allocations by and writes in its log
     */
    public static TurnCredentials issue(Secret secret, String user, Instant now, Duration ttl) {
        String username = now.plus(ttl).getEpochSecond() + ":" + user;
        return new TurnCredentials(username, secret.hmacSha1(username));
    }

    /**
     * Returns the name of a participant for TURN servers. It is the same for every connect of one identity, and does
     * not tell the identity to a reader of the TURN server's log who has not got the secret.
     */
    public static String user(Secret secret, AccountSid account, String identity) {
        byte[] digest = Base64.getDecoder().decode(secret.hmacSha1(account.value() + "/" + identity));
        return HexFormat.of().formatHex(digest, 0, USER_BYTES);
    }

    @Override
    public String toString() {
        return "TurnCredentials[" + username + "]";
    }
}
