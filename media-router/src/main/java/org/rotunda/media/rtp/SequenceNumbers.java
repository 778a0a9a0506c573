package org.rotunda.media.rtp;

/**
 * Arithmetic on counters that wrap (RFC 3550 §A.1, RFC 1982): 16-bit sequence numbers, 32-bit timestamps, and the
 * 15-bit picture ids of VP8. Extended numbers are {@code long}s that do not wrap; their low bits are the wire value.
 */
public final class SequenceNumbers {
    /**
     * The start of extended numbers. It is high enough that packets that come late, after the first packet of a stream,
     * get no negative numbers.
     */
    public static final long EXTENDED_START = 1L << 16;

    private SequenceNumbers() {}

    /**
     * Returns {@code a - b} as the shorter of the two distances around the circle: positive when {@code a} is newer,
     * else negative or 0.
     */
    public static int difference(int a, int b) {
        return (short) (a - b);
    }

    public static boolean isNewer(int a, int b) {
        return difference(a, b) > 0;
    }

    public static int next(int sequenceNumber) {
        return (sequenceNumber + 1) & 0xFFFF;
    }

    /** Returns the extended form of the first sequence number of a stream. */
    public static long first(int sequenceNumber) {
        return EXTENDED_START + (sequenceNumber & 0xFFFF);
    }

    /** Returns the extended number closest to {@code reference} whose low 16 bits are {@code sequenceNumber}. */
    public static long unwrap(int sequenceNumber, long reference) {
        return reference + (short) (sequenceNumber - (int) reference);
    }

    /** Returns the extended timestamp closest to {@code reference} whose low 32 bits are {@code timestamp}. */
    public static long unwrapTimestamp(int timestamp, long reference) {
        return reference + (timestamp - (int) reference);
    }

    /**
     * Returns the extended number closest to {@code reference} whose low {@code bits} bits (1–31) are {@code value}.
     */
    public static long unwrap(int value, long reference, int bits) {
        int shift = 32 - bits;
        return reference + ((value - (int) reference) << shift >> shift);
    }
}
