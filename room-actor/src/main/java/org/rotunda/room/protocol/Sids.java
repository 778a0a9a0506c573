package org.rotunda.room.protocol;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The common form of SIDs: a two-letter prefix and 32 lower-case hex digits. */
final class Sids {
    /**
     * The cell of this cluster: the first byte, in hex, of each new SID of a room or participant. It is reserved for
     * deployments of several clusters, where it will say which cluster has the room. SIDs of earlier releases begin
     * with a random byte, so nothing may rely on the cell of an existing SID yet.
     */
    static final String CELL = "00";

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
        return prefix + randomHex(RANDOM_BYTES, random);
    }

    /** Returns a random SID that begins with {@link #CELL}. Its other 120 bits are random. */
    static String randomInCell(String prefix, RandomGenerator random) {
        return prefix + CELL + randomHex(RANDOM_BYTES - CELL.length() / 2, random);
    }

    private static String randomHex(int bytes, RandomGenerator random) {
        byte[] filled = new byte[bytes];
        random.nextBytes(filled);
        return HexFormat.of().formatHex(filled);
    }
}
