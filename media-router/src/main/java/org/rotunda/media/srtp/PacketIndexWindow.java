package org.rotunda.media.srtp;

/**
 * The packet indices of one SSRC: roll-over counter, index guess (RFC 3711 §3.3.1, appendix A) and replay window
 * (§3.3.2). SRTCP packets carry their index, so for SRTCP only the replay window is used. Owned by one event loop.
 */
final class PacketIndexWindow {
    /**
     * The size of the replay window in packets, a power of two. RFC 3711 asks for at least 64 packets, but bursts of
     * retransmissions can lag further behind.
     */
    static final int WINDOW_PACKETS = 1024;

    private static final long NONE = -1;
    private static final int HALF = 0x8000;

    private final long[] seen = new long[WINDOW_PACKETS / Long.SIZE];
    private long highest = NONE;

    /**
     * Returns the most likely 48-bit index of a packet with this sequence number. The result is negative if the packet
     * precedes index 0.
     */
    long guess(int sequenceNumber) {
        if (highest == NONE) {
            return sequenceNumber;
        }
        int last = (int) (highest & 0xFFFF);
        long rollOvers = highest >>> 16;
        if (last < HALF) {
            if (sequenceNumber - last > HALF) {
                rollOvers--;
            }
        } else if (last - HALF > sequenceNumber) {
            rollOvers++;
        }
        return (rollOvers << 16) + sequenceNumber;
    }

    /** Returns the highest index accepted, or -1 before the first. */
    long highest() {
        return highest;
    }

    boolean isFresh(long index) {
        if (index < 0 || index <= highest - WINDOW_PACKETS) {
            return false;
        }
        return index > highest || (seen[word(index)] & bit(index)) == 0;
    }

    /** Marks a fresh index as seen. A receiver calls this only after the packet proved authentic. */
    void accept(long index) {
        if (index > highest) {
            forgetBetween(highest, index);
            highest = index;
        }
        seen[word(index)] |= bit(index);
    }

    private void forgetBetween(long from, long to) {
        if (from == NONE || to - from >= WINDOW_PACKETS) {
            for (int i = 0; i < seen.length; i++) {
                seen[i] = 0;
            }
            return;
        }
        for (long index = from + 1; index < to; index++) {
            seen[word(index)] &= ~bit(index);
        }
        seen[word(to)] &= ~bit(to);
    }

    private static int word(long index) {
        return (int) (index & (WINDOW_PACKETS - 1)) >>> 6;
    }

    private static long bit(long index) {
        return 1L << (index & 63);
    }
}
