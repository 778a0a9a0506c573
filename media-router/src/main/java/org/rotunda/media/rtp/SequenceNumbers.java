package org.rotunda.media.rtp;

import java.util.random.RandomGenerator;

/**
 * Arithmetic on counters that wrap (RFC 3550 §A.1, RFC 1982): 16-bit sequence numbers, 32-bit timestamps, and 15-bit
 * VP8 picture ids. An extended number is a {@code long} that does not wrap; its low bits are the value on the wire.
 */
public final class SequenceNumbers {
    /**
     * The lower bound of the extended number that a stream's first packet gets. The bound is above zero, so that
     * earlier packets that arrive late get no negative numbers.
     */
    public static final long EXTENDED_START = 1L << 16;

    /**
     * The exclusive upper bound of a stream's first sequence number. A first number near the wrap is a risk: if the
     * packets before the wrap are lost, the receiver's SRTP begins with a roll-over counter that is too low, and never
     * decrypts the stream.
     */
    static final int INITIAL_BOUND = 1 << 15;

    private SequenceNumbers() {}

    /** Returns a random sequence number for the first packet of a stream (RFC 3550 §5.1). */
    public static int initial(RandomGenerator random) {
        return random.nextInt(INITIAL_BOUND);
    }

    /**
     * Returns {@code a - b} modulo 2^16, in the range of a signed 16-bit number. The result is positive if {@code a} is
     * newer.
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

    /**
     * Returns the extended number that has {@code sequenceNumber} in its low 16 bits and is closest to {@code
     * reference}.
     */
    public static long unwrap(int sequenceNumber, long reference) {
        return reference + (short) (sequenceNumber - (int) reference);
    }

    /**
     * Returns the extended timestamp that has {@code timestamp} in its low 32 bits and is closest to {@code reference}.
     */
    public static long unwrapTimestamp(int timestamp, long reference) {
        return reference + (timestamp - (int) reference);
    }

    /**
     * Returns the extended number that has {@code value} in its low {@code bits} bits (1–31) and is closest to {@code
     * reference}.
     */
    public static long unwrap(int value, long reference, int bits) {
        int shift = 32 - bits;
        return reference + ((value - (int) reference) << shift >> shift);
    }
}
