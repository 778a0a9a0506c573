package org.rotunda.media.ice;

import java.util.random.RandomGenerator;

/**
 * A username fragment and its password (RFC 8445 §5.3), in the form of an SDP {@code a=ice-ufrag} and {@code a=ice-pwd}
 * (RFC 8839 §5.4).
 */
public record IceCredentials(String ufrag, String pwd) {
    public static final int UFRAG_LENGTH_MIN = 4;
    public static final int PWD_LENGTH_MIN = 22;
    public static final int LENGTH_MAX = 256;

    /**
     * The length of a ufrag in characters, 72 bits: the transports of one loop are told apart by it, so two must not be
     * equal by chance.
     */
    private static final int UFRAG_LENGTH = 12;

    private static final int PWD_LENGTH = 24; // 24 characters are 144 bits; the standard asks for 128.

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public IceCredentials {
        requireIceChars("ufrag", ufrag, UFRAG_LENGTH_MIN);
        requireIceChars("pwd", pwd, PWD_LENGTH_MIN);
    }

    /** Draws new credentials. In production the generator is a {@link java.security.SecureRandom}. */
    public static IceCredentials generate(RandomGenerator random) {
        return new IceCredentials(iceChars(random, UFRAG_LENGTH), iceChars(random, PWD_LENGTH));
    }

    private static String iceChars(RandomGenerator random, int length) {
        StringBuilder chars = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            chars.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return chars.toString();
    }

    private static void requireIceChars(String name, String value, int lengthMin) {
        if (value.length() < lengthMin || value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("an ICE " + name + " has " + lengthMin + " to " + LENGTH_MAX
                    + " characters, not " + value.length());
        }
        if (!value.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)) {
            throw new IllegalArgumentException("an ICE " + name + " has letters, digits, + and / only");
        }
    }

    /** Returns the ufrag only: credentials end up in logs, and the password must not. */
    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
