package org.rotunda.media.transport;

/**
 * The transport-wide sequence numbers of the last packets of one SSRC, whose packets may be repeated. A repeated packet
 * must be the same as the sent packet in every byte, because both have the same SRTP index (RFC 3711 §9.1). Owned by
 * one event loop.
 */
final class RepeatedNumbers {
    static final int UNKNOWN = -1;

    /** The number of packets remembered, a power of two. SRTP can repeat as many. */
    static final int PACKETS = 1_024;

    private static final int MASK = PACKETS - 1;

    private final int[] numbers = new int[PACKETS]; // The RTP number in the upper and the other in the lower 16 bits.
    private final boolean[] used = new boolean[PACKETS];

    void put(int sequenceNumber, int transportSequence) {
        int slot = sequenceNumber & MASK;
        numbers[slot] = sequenceNumber << 16 | transportSequence;
        used[slot] = true;
    }

    /** Returns the number with which the packet was sent, or {@link #UNKNOWN}. */
    int find(int sequenceNumber) {
        int slot = sequenceNumber & MASK;
        return used[slot] && numbers[slot] >>> 16 == sequenceNumber ? numbers[slot] & 0xFFFF : UNKNOWN;
    }
}
