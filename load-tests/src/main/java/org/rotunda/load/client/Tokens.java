package org.rotunda.load.client;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Makes access tokens of the account that every node under test knows. */
public final class Tokens {
    public static final String ACCOUNT = "AC00000000000000000000000000000001";
    public static final String AUTH_TOKEN = "dev-auth-token";
    public static final String KEY = "SK00000000000000000000000000000001";
    public static final String SECRET = "dev-api-key-secret-for-localhost-only";

    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private Tokens() {}

    /**
     * Returns a token that is valid for every room. This class does not use twilio-java, because twilio-java refuses
     * the secret of the development account as too short.
     */
    public static String forAnyRoom(String identity) {
        return token(identity, Map.of());
    }

    /** Returns a token that is valid for one room only. */
    public static String forRoom(String identity, String room) {
        return token(identity, Map.of("room", room));
    }

    private static String token(String identity, Map<String, String> videoGrant) {
        Instant now = Instant.now();
        return JWT.create()
                .withHeader(Map.of("cty", "twilio-fpa;v=1"))
                .withIssuer(KEY)
                .withSubject(ACCOUNT)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(TOKEN_LIFE))
                .withJWTId(KEY + "-" + now.getEpochSecond())
                .withClaim("grants", Map.of("identity", identity, "video", videoGrant))
                .sign(Algorithm.HMAC256(SECRET));
    }
}
