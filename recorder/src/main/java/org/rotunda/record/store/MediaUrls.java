package org.rotunda.record.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks the URLs of media in a {@link FileStore}. A URL ends in a token, {@code DATA.MAC}: the Base64 of the
 * expiry, the key of the object and the disposition, and the Base64 of their HMAC-SHA256. No I/O; safe for all threads.
 */
public final class MediaUrls {
    /** A token holds a key of at most 130 characters, a disposition of at most 300 and two numbers, in Base64. */
    static final int TOKEN_MAX = 800;

    /** A key of the HMAC has at least the length of its result (RFC 2104, 3). */
    static final int SECRET_BYTES_MIN = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final String VERSION = "1";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final URI base;
    private final List<SecretKeySpec> keys;

    /**
     * Holds the secrets.
     *
     * @param base the address before the token, which ends with a slash
     * @param secrets the secrets, which all nodes share; the first one signs, all of them are accepted
     */
    public MediaUrls(URI base, List<byte[]> secrets) {
        if (!base.toString().endsWith("/") || secrets.isEmpty()) {
            throw new IllegalArgumentException("media URLs need an address that ends with a slash, and a secret");
        }
        for (byte[] secret : secrets) {
            if (secret.length < SECRET_BYTES_MIN) {
                throw new IllegalArgumentException(
                        "a secret of media URLs must have at least " + SECRET_BYTES_MIN + " bytes");
            }
        }
        this.base = base;
        this.keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret, ALGORITHM))
                .toList();
    }

    /**
     * What a token allows until it expires.
     *
     * @param key the object that may be read
     * @param expiresAt the moment from which on it may not be read any more
     * @param disposition the disposition of the download
     */
    public record Permit(ObjectKey key, Instant expiresAt, ContentDisposition disposition) {}

    /** Returns the URL of an object. */
    public URI sign(ObjectKey key, Instant expiresAt, ContentDisposition disposition) {
        String text =
                String.join("\n", VERSION, Long.toString(expiresAt.getEpochSecond()), key.path(), disposition.value());
        String data = BASE64.encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        return base.resolve(data + "." + mac(keys.get(0), data));
    }

    /** Reads a token. Returns nothing if it was not signed with one of the secrets, or has expired. */
    public Optional<Permit> open(String token, Instant now) {
        int dot = token.indexOf('.');
        if (token.length() > TOKEN_MAX || dot < 0) {
            return Optional.empty();
        }
        // The texts are compared, not the bytes behind them, because several Base64 texts stand for the same bytes.
        String data = token.substring(0, dot);
        if (!isSigned(data, token.substring(dot + 1))) {
            return Optional.empty();
        }
        Permit permit = permit(new String(Base64.getUrlDecoder().decode(data), StandardCharsets.US_ASCII));
        return permit != null && now.isBefore(permit.expiresAt()) ? Optional.of(permit) : Optional.empty();
    }

    private boolean isSigned(String data, String mac) {
        byte[] given = mac.getBytes(StandardCharsets.UTF_8);
        boolean isSigned = false;
        for (SecretKeySpec key : keys) {
            isSigned |= MessageDigest.isEqual(mac(key, data).getBytes(StandardCharsets.US_ASCII), given);
        }
        return isSigned;
    }

    /** Reads the data of a signed token. Returns null if a newer version of this program has signed it. */
    private static @Nullable Permit permit(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != 4 || !lines.get(0).equals(VERSION)) {
            return null;
        }
        return new Permit(
                ObjectKey.parse(lines.get(2)),
                Instant.ofEpochSecond(Long.parseLong(lines.get(1))),
                new ContentDisposition(lines.get(3)));
    }

    private static String mac(SecretKeySpec key, String data) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return BASE64.encodeToString(mac.doFinal(data.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM has no HMAC-SHA256", impossible);
        }
    }
}
