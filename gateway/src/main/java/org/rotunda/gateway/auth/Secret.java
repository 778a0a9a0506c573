package org.rotunda.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A password or the secret of a key. Comparisons take constant time, and {@link #toString} does not reveal the secret.
 */
public final class Secret {
    private static final String HMAC_SHA1 = "HmacSHA1";

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether the text equals this secret. The comparison takes constant time. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(bytes, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the secret, for the only answer that may show it. It must not reach the log. */
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns a copy of the bytes, for use as the key of an HMAC. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the HMAC-SHA1 of the text in UTF-8, with this secret as the key, in Base64. */
    public String hmacSha1(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC_SHA1);
            mac.init(new SecretKeySpec(bytes, HMAC_SHA1));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA1", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "…";
    }
}
