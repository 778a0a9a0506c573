package org.rotunda.gateway.auth;

import com.auth0.jwt.JWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Accounts.OwnedKey;

/** Makes access tokens for tests and for the development endpoint, in the same form as Twilio's helper libraries. */
public final class AccessTokenMint {
    private AccessTokenMint() {}

    /**
     * Makes a token that is valid from {@code now} for {@code life}.
     *
     * @param room the name or SID of the only room that the token opens; null or empty opens any room
     */
    public static String mint(OwnedKey owned, String identity, @Nullable String room, Instant now, Duration life) {
        Map<String, Object> video = room == null || room.isEmpty() ? Map.of() : Map.of("room", room);
        return JWT.create()
                .withHeader(Map.of("cty", AccessTokens.CONTENT_TYPE, "typ", "JWT"))
                .withIssuer(owned.key().sid())
                .withSubject(owned.owner().value())
                .withJWTId(owned.key().sid() + "-" + now.getEpochSecond())
                .withIssuedAt(now)
                .withExpiresAt(now.plus(life))
                .withClaim("grants", Map.of("identity", identity, "video", video))
                .sign(AccessTokens.algorithm("HS256", owned.key().secret()));
    }
}
