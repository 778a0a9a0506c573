package org.rotunda.media.stun;

import java.util.random.RandomGenerator;

/**
 * The username fragment and password of one ICE generation (RFC 8445 §5.3), ours or the client's, as in SDP's {@code
 * a=ice-ufrag} and {@code a=ice-pwd} (RFC 8839 §5.4). A client's credentials need not have the lengths and characters
 * that the standard asks for. {@link #generate} follows the standard.
 */
public record IceCredentials(String ufrag, String pwd) {
    public static final int LENGTH_MAX = 256;

    /**
     * The length of a ufrag in characters; 12 characters are 72 bits. The ufrag tells the transports of a loop apart,
     * so two ufrags must not be equal by chance. The standard asks for at least 4 characters.
     */
    private static final int UFRAG_LENGTH = 12;

    private static final int PWD_LENGTH =
            24; // 24 characters are 144 bits. The standard asks for 128 bits and 22 characters.

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

    /** Draws new credentials. In production {@code random} is a {@link java.security.SecureRandom}. */
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

    /** Returns a text with the ufrag only. Credentials are logged, and the password must not be in the log. */
    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
