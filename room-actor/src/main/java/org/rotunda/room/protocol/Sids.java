package org.rotunda.room.protocol;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The common form of SIDs: a two-letter prefix and 32 lower-case hex digits. */
final class Sids {
    private static final int RANDOM_BYTES = 16;
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

    private Sids() {}

    static boolean isValid(String prefix, String text) {
        return text.length() == prefix.length() + 2 * RANDOM_BYTES
                && text.startsWith(prefix)
                && DIGITS.matcher(text).region(prefix.length(), text.length()).matches();
    }

    static void requireValid(String prefix, String text) {
        if (!isValid(prefix, text)) {
            throw new IllegalArgumentException("not a SID with prefix " + prefix + ": " + text);
        }
    }

    static String random(String prefix, RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}
