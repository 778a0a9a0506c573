package org.rotunda.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A password or the secret of a key. Comparisons take constant time, and {@link #toString} does not reveal the secret.
 */
public final class Secret {
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
