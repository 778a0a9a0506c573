package org.rotunda.media.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hash of a certificate as SDP carries it: {@code sha-256 AB:CD:…} (RFC 8122 §5). Immutable. */
public final class DtlsFingerprint {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private final String algorithm;
    private final byte[] digest;

    private DtlsFingerprint(String algorithm, byte[] digest) {
        this.algorithm = algorithm;
        this.digest = digest;
    }

    /** Returns the SHA-256 hash of a certificate's DER form. */
    public static DtlsFingerprint ofCertificate(byte[] der) {
        return new DtlsFingerprint("sha-256", digest("SHA-256", der));
    }

    /**
     * Reads the value of an {@code a=fingerprint} line. Returns null if the value is malformed, or if the hash is
     * weaker than SHA-256 and so must not be trusted (RFC 8827 §6.5).
     */
    public static @Nullable DtlsFingerprint parse(String value) {
        String[] parts = value.strip().split(" +", 3);
        if (parts.length != 2) {
            return null;
        }
        String algorithm = parts[0].toLowerCase(Locale.ROOT);
        int length = lengthBytes(algorithm);
        if (length == 0 || parts[1].length() != 3 * length - 1) {
            return null;
        }
        try {
            return new DtlsFingerprint(algorithm, COLONS.parseHex(parts[1]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns whether this is the certificate's fingerprint. The comparison takes constant time. */
    public boolean matches(byte[] certificateDer) {
        return MessageDigest.isEqual(digest, digest(algorithm.toUpperCase(Locale.ROOT), certificateDer));
    }

    private static int lengthBytes(String algorithm) {
        return switch (algorithm) {
            case "sha-256" -> 32;
            case "sha-384" -> 48;
            case "sha-512" -> 64;
            default -> 0;
        };
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }

    /** Returns the value of an {@code a=fingerprint} line. */
    @Override
    public String toString() {
        return algorithm + " " + COLONS.formatHex(digest);
    }
}
