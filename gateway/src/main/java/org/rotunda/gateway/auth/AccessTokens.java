package org.rotunda.gateway.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Accounts.OwnedKey;

/** Checks access tokens: JWTs signed with the secret of an account's key. Safe to call from any thread. */
public final class AccessTokens {
    /** The greatest length of a token in characters. Real tokens have about 500 characters. */
    static final int LENGTH_MAX = 16 * 1024;

    static final Duration LIFE_MAX = Duration.ofHours(24);
    /** The greatest time by which the clock of the token's issuer may be ahead of ours. */
    static final Duration SKEW_MAX = Duration.ofSeconds(30);

    static final String CONTENT_TYPE = "twilio-fpa;v=1";

    private final Supplier<Accounts> accounts;
    private final Clock clock;

    /** @param accounts returns the accounts at the moment of a check */
    public AccessTokens(Supplier<Accounts> accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * The result of a check: the token's content, or the error with which the token is refused. Exactly one of the two
     * is null.
     */
    public record Check(
            @Nullable AccessToken token, @Nullable TokenError error) {
        static Check refused(TokenError error) {
            return new Check(null, error);
        }
    }

    /** Checks a token, but not whether it opens a certain room. The first check that fails determines the error. */
    public Check check(String text) {
        if (text.length() > LENGTH_MAX || !TokenShape.isToken(text)) {
            return Check.refused(TokenError.INVALID);
        }
        try {
            return check(JWT.decode(text));
        } catch (JWTDecodeException e) {
            return Check.refused(TokenError.INVALID);
        }
    }

    private Check check(DecodedJWT jwt) {
        if (!"JWT".equals(jwt.getType())
                || !isKnown(jwt.getAlgorithm())
                || !CONTENT_TYPE.equals(jwt.getContentType())) {
            return Check.refused(TokenError.HEADER_INVALID);
        }
        String issuer = jwt.getIssuer();
        Accounts known = accounts.get();
        Optional<OwnedKey> key = issuer == null ? Optional.empty() : known.key(issuer);
        if (key.isEmpty() || !key.get().owner().value().equals(jwt.getSubject())) {
            return Check.refused(TokenError.ISSUER_INVALID);
        }
        if (!isSignedWith(key.get().key(), jwt)) {
            return Check.refused(TokenError.SIGNATURE_INVALID);
        }
        if (!known.isActive(key.get().owner())) {
            return Check.refused(TokenError.ACCOUNT_NOT_ACTIVE);
        }
        Instant now = clock.instant();
        Instant expiresAt = jwt.getExpiresAtAsInstant();
        if (expiresAt == null || !expiresAt.isAfter(now) || expiresAt.isAfter(lifeEnd(jwt, now))) {
            return Check.refused(TokenError.EXPIRED);
        }
        Instant notBefore = jwt.getNotBeforeAsInstant();
        if (notBefore != null && notBefore.isAfter(now.plus(SKEW_MAX))) {
            return Check.refused(TokenError.NOT_YET_VALID);
        }
        return checkGrants(jwt, key.get(), expiresAt);
    }

    private static Check checkGrants(DecodedJWT jwt, OwnedKey key, Instant expiresAt) {
        Map<String, Object> grants;
        try {
            grants = jwt.getClaim("grants").asMap();
        } catch (JWTDecodeException e) {
            return Check.refused(TokenError.GRANTS_INVALID);
        }
        if (grants == null || !(grants.get("video") instanceof Map<?, ?> video)) {
            return Check.refused(TokenError.GRANTS_INVALID);
        }
        Object room = video.get("room");
        if (room != null && !(room instanceof String)) {
            return Check.refused(TokenError.GRANTS_INVALID);
        }
        String identity = grants.get("identity") instanceof String text ? text : "";
        NameFault fault = NameFault.of(identity);
        if (fault != null) {
            return Check.refused(identityError(fault));
        }
        // Twilio's helper libraries write an empty name if the token opens any room.
        String only = room instanceof String text && !text.isEmpty() ? text : null;
        return new Check(new AccessToken(key.owner(), identity, only, expiresAt), null);
    }

    private static TokenError identityError(NameFault fault) {
        return switch (fault) {
            case EMPTY -> TokenError.IDENTITY_INVALID;
            case TOO_LONG -> TokenError.IDENTITY_TOO_LONG;
            case CHARS -> TokenError.IDENTITY_CHARS_INVALID;
        };
    }

    /** Returns the latest permitted end of a token: 24 hours after the latest of now, its issue and its start. */
    private static Instant lifeEnd(DecodedJWT jwt, Instant now) {
        Instant from = now;
        for (Instant begin : new @Nullable Instant[] {jwt.getIssuedAtAsInstant(), jwt.getNotBeforeAsInstant()}) {
            if (begin != null && begin.isAfter(from)) {
                from = begin;
            }
        }
        return from.plus(LIFE_MAX);
    }

    private static boolean isKnown(@Nullable String algorithm) {
        return "HS256".equals(algorithm) || "HS384".equals(algorithm) || "HS512".equals(algorithm);
    }

    private static boolean isSignedWith(ApiKey key, DecodedJWT jwt) {
        try {
            algorithm(jwt.getAlgorithm(), key.secret()).verify(jwt);
            return true;
        } catch (SignatureVerificationException e) {
            return false;
        }
    }

    static Algorithm algorithm(String name, Secret secret) {
        return switch (name) {
            case "HS256" -> Algorithm.HMAC256(secret.bytes());
            case "HS384" -> Algorithm.HMAC384(secret.bytes());
            case "HS512" -> Algorithm.HMAC512(secret.bytes());
            default -> throw new IllegalArgumentException("not an algorithm of access tokens: " + name);
        };
    }
}
