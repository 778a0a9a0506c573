package org.rotunda.gateway.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a text has the form of a JWT. The check comes before the JWT library, because the library throws
 * undeclared exceptions if the form is wrong.
 */
final class TokenShape {
    private static final int NESTING_MAX = 16;

    /**
     * The latest date that is accepted, in seconds since 1970. The library cannot represent every date that fits a
     * long.
     */
    private static final long DATE_MAX = 1_000_000_000_000L;

    private static final List<String> DATES = List.of("exp", "nbf", "iat");
    private static final List<String> TEXTS = List.of("iss", "sub", "jti", "typ", "alg", "cty", "kid");
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private TokenShape() {}

    static boolean isToken(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length == 3
                && isClaims(decode(parts[0]))
                && isClaims(decode(parts[1]))
                && decode(parts[2]) != null;
    }

    private static byte @Nullable [] decode(String part) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isClaims(byte @Nullable [] bytes) {
        if (bytes == null) {
            return false;
        }
        JsonNode claims;
        try {
            claims = JSON.readTree(bytes);
        } catch (IOException e) {
            return false;
        }
        return claims.isObject()
                && DATES.stream().allMatch(name -> isDate(claims.get(name)))
                && TEXTS.stream().allMatch(name -> isText(claims.get(name)));
    }

    private static boolean isDate(@Nullable JsonNode value) {
        return value == null
                || value.isNull()
                || (value.isNumber() && value.canConvertToLong() && Math.abs(value.longValue()) < DATE_MAX);
    }

    private static boolean isText(@Nullable JsonNode value) {
        return value == null || value.isNull() || value.isTextual();
    }
}
