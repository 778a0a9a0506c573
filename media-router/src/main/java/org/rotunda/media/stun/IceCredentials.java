package org.rotunda.media.stun;

import java.util.random.RandomGenerator;

/**
 * The username fragment and password of one ICE generation (RFC 8445 §5.3), ours or the client's, in the form of SDP's
 * {@code a=ice-ufrag} and {@code a=ice-pwd} (RFC 8839 §5.4). A client's credentials need not have the minimum lengths
 * and the characters of the standard, because nothing of ours depends on these rules; {@link #generate} follows the
 * rules.
 */
public record IceCredentials(String ufrag, String pwd) {
    public static final int LENGTH_MAX = 256;

    /**
     * The length of a ufrag in characters; 12 characters are 72 bits. The ufrag tells the transports of one loop apart,
     * so two ufrags must not be equal by chance. The standard asks for at least 4 characters.
     */
    private static final int UFRAG_LENGTH = 12;

    private static final int PWD_LENGTH =
            24; // 24 characters are 144 bits; the standard asks for 128, and 22 characters.

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public IceCredentials {
        if (!isCredential(ufrag) || !isCredential(pwd)) {
            throw new IllegalArgumentException(
                    "an ICE ufrag and pwd have 1 to " + LENGTH_MAX + " characters and no blank");
        }
    }

    /** Returns whether the text can be a ufrag or a pwd. */
    public static boolean isCredential(String text) {
        return !text.isEmpty() && text.length() <= LENGTH_MAX && text.indexOf(' ') < 0;
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

    /** Returns the ufrag only: credentials end up in logs, and the password must not. */
    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
