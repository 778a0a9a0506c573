package org.rotunda.load.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Damages valid packets as attackers and fuzzers do: it flips bits, changes lengths, cuts and extends packets, and
 * splices parts of one packet into another. The result depends on the seed only. Not thread-safe.
 */
public final class Mutations {
    /** The longest UDP payload in an Ethernet frame. */
    static final int LENGTH_BYTES_MAX = 1_472;

    private static final int FLIPS_MAX = 8;
    private static final int ADDED_BYTES_MAX = 200;

    /** Length fields are written only into this many bytes at the beginning of a packet. */
    private static final int FIELDS_BYTES = 64;

    /**
     * On average, one mutation out of this number may change the first byte of the packet. The other mutations keep
     * this byte, because the router chooses the parser by it.
     */
    private static final int FIRST_KEPT_OF = 16;

    private final RandomGenerator random;

    public Mutations(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Returns the generator, for other random choices of an attack. */
    RandomGenerator random() {
        return random;
    }

    /** Returns a random element. */
    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /**
     * Returns a damaged copy of a packet. The copy is never empty and never equal to the original, and it has at most
     * {@link #LENGTH_BYTES_MAX} bytes.
     *
     * @param valid the original, which must not be empty
     * @param others valid packets whose parts can be spliced in
     */
    public byte[] of(byte[] valid, List<byte[]> others) {
        byte[] mutated = switch (random.nextInt(6)) {
            case 0 -> cut(valid);
            case 1 -> extended(valid);
            case 2 -> withLengthField(valid);
            case 3 -> spliced(valid, others.isEmpty() ? valid : pick(others));
            case 4 -> scrambled(valid);
            default -> flipped(valid);
        };
        byte[] bounded = mutated.length > LENGTH_BYTES_MAX ? Arrays.copyOf(mutated, LENGTH_BYTES_MAX) : mutated;
        if (Arrays.equals(bounded, valid)) {
            bounded[bounded.length - 1] ^= 1;
        }
        return bounded;
    }

    private int firstChanged(byte[] bytes) {
        return bytes.length > 1 && random.nextInt(FIRST_KEPT_OF) > 0 ? 1 : 0;
    }

    private byte[] flipped(byte[] valid) {
        byte[] bytes = valid.clone();
        int first = firstChanged(bytes);
        for (int flips = 1 + random.nextInt(FLIPS_MAX); flips > 0; flips--) {
            bytes[first + random.nextInt(bytes.length - first)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] cut(byte[] valid) {
        return Arrays.copyOf(valid, 1 + random.nextInt(valid.length));
    }

    private byte[] extended(byte[] valid) {
        byte[] bytes = Arrays.copyOf(valid, valid.length + 1 + random.nextInt(ADDED_BYTES_MAX));
        for (int i = valid.length; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    /**
     * Returns a copy with a wrong length in 16 bits near its beginning. The length is an extreme value, or close to the
     * old value, or close to the number of bytes that follow.
     */
    private byte[] withLengthField(byte[] valid) {
        byte[] bytes = valid.clone();
        if (bytes.length < 3) {
            return flipped(valid);
        }
        int offset = 1 + random.nextInt(Math.min(bytes.length - 2, FIELDS_BYTES));
        int was = (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
        int remaining = bytes.length - offset - 2;
        int[] lengths = {
            0, 1, 0x7FFF, 0x8000, 0xFFFF, was + 1, was - 1, was + 4, was - 4, 2 * was, remaining, remaining + 1
        };
        int length = lengths[random.nextInt(lengths.length)];
        bytes[offset] = (byte) (length >>> 8);
        bytes[offset + 1] = (byte) length;
        return bytes;
    }

    private byte[] spliced(byte[] head, byte[] tail) {
        int kept = 1 + random.nextInt(head.length);
        int from = random.nextInt(tail.length);
        byte[] bytes = Arrays.copyOf(head, kept + tail.length - from);
        System.arraycopy(tail, from, bytes, kept, tail.length - from);
        return bytes;
    }

    private byte[] scrambled(byte[] valid) {
        byte[] bytes = valid.clone();
        int first = firstChanged(bytes);
        int from = first + random.nextInt(bytes.length - first);
        int to = from + 1 + random.nextInt(Math.min(bytes.length - from, 32));
        for (int i = from; i < Math.min(to, bytes.length); i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    /**
     * Returns a damaged copy of a JSON text. The copy has changed characters, numbers, quotes or braces, or it has
     * parts of the other texts, or its end is cut off.
     */
    public String ofText(String valid, List<String> others) {
        StringBuilder text = new StringBuilder(valid);
        int at = random.nextInt(valid.length());
        switch (random.nextInt(8)) {
            case 0 -> text.setLength(at);
            case 1 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(7)));
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.replace(at, valid.length(), pick(others).substring(0, 1));
            case 4 -> {
                String other = pick(others);
                text.replace(at, valid.length(), other.substring(random.nextInt(other.length())));
            }
            case 5 -> replaceNumber(text, at);
            case 6 -> replaceWord(text, at);
            default -> text.insert(at, pick(List.of("{", "[", "]}", "\"", "\\u0000", "null,", "\u0000", "[[[[[[[[")));
        }
        return text.toString().equals(valid) ? valid + "}" : text.toString();
    }

    private void replaceNumber(StringBuilder text, int from) {
        int start = from;
        while (start < text.length() && !Character.isDigit(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        text.replace(
                start,
                end,
                pick(List.of("-1", "0", "1e99", "99999999999999999999", "4294967296", "true", "0x1", "null")));
    }

    /**
     * Replaces the next quoted string. The new string is empty, very long, half of a surrogate pair, or a part of the
     * same text.
     */
    private void replaceWord(StringBuilder text, int from) {
        int start = text.indexOf("\"", from);
        int end = start < 0 ? -1 : text.indexOf("\"", start + 1);
        if (end < 0) {
            text.append('"');
            return;
        }
        String[] words = text.toString().split("\"", -1);
        String longest = "x".repeat(1 + random.nextInt(20_000));
        text.replace(start + 1, end, pick(List.of("", longest, "\\uD800", words[random.nextInt(words.length)])));
    }
}
