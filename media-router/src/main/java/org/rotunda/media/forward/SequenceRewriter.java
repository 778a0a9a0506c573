package org.rotunda.media.forward;

import java.util.Arrays;

/**
 * Maps the sequence numbers of forwarded packets, of any source, to one unbroken egress stream.
 *
 * <p>Packets that we drop leave no gap; packets that the network lost on the way here leave a gap of the same size,
 * reserved for them should they still come. A ring remembers the fate of each recent ingress number, so a late packet
 * gets exactly the number that was kept for it, and no number is used twice.
 */
final class SequenceRewriter {
    /**
     * The numbers remembered, a power of two; packets that arrive later cannot be played any more (over a second of
     * 1080p video).
     */
    static final int WINDOW_PACKETS = 1024;

    static final int NEWEST = 0;
    static final int RESERVED = 1;
    static final int DUPLICATE = 2;
    static final int STALE = 3;

    private static final int MASK = WINDOW_PACKETS - 1;
    private static final int STATE_RESERVED = 1 << 16;
    private static final int STATE_DONE = 2 << 16;

    private final int[] ingressTag = new int[WINDOW_PACKETS]; // Low bits of the extended ingress number.
    private final int[] entries = new int[WINDOW_PACKETS]; // State and egress number; 0: nothing.

    private long first; // The packet at which the source was switched to; older ones are not forwarded.
    private long highest = Long.MIN_VALUE; // MIN_VALUE before the first source.
    private long offset; // Ingress minus egress, for the next newest packet.
    private long lastEgress; // The highest egress number given or reserved, extended.

    SequenceRewriter(int initialSequenceNumber) {
        lastEgress = (1L << 16) + (initialSequenceNumber & 0xFFFF) - 1;
    }

    /** Begins a new source at this packet, whose egress number follows the last one after {@code skipped} others. */
    void rebase(long ingress, int skipped) {
        Arrays.fill(entries, 0);
        first = ingress;
        highest = ingress - 1;
        offset = ingress - (lastEgress + 1 + skipped);
    }

    /**
     * Returns the place of a packet of the current source: {@link #NEWEST}, {@link #RESERVED}, {@link #DUPLICATE},
     * {@link #STALE}.
     */
    int place(long ingress) {
        if (ingress > highest) {
            return NEWEST;
        }
        int slot = slot(ingress);
        if (ingress < first || entries[slot] == 0 || ingressTag[slot] != (int) ingress) {
            return STALE;
        }
        return (entries[slot] & STATE_RESERVED) != 0 ? RESERVED : DUPLICATE;
    }

    long highestIngress() {
        return highest;
    }

    /** The egress number of a newest or reserved packet, which is thereby used. */
    int forward(long ingress) {
        if (ingress > highest) {
            reserveUpTo(ingress);
            lastEgress = ingress - offset;
            set(ingress, STATE_DONE, lastEgress);
            return (int) lastEgress & 0xFFFF;
        }
        int slot = slot(ingress);
        entries[slot] = STATE_DONE | (entries[slot] & 0xFFFF);
        return entries[slot] & 0xFFFF;
    }

    /** Leaves a packet out: a newest one without a gap; a reserved one leaves the gap it already had. */
    void drop(long ingress) {
        if (ingress > highest) {
            reserveUpTo(ingress);
            set(ingress, STATE_DONE, lastEgress);
            offset++;
            return;
        }
        int slot = slot(ingress);
        entries[slot] = STATE_DONE | (entries[slot] & 0xFFFF);
    }

    /** The number that was kept for a reserved packet. */
    int egressOf(long ingress) {
        return entries[slot(ingress)] & 0xFFFF;
    }

    private void reserveUpTo(long ingress) {
        for (long missing = Math.max(highest + 1, ingress - MASK); missing < ingress; missing++) {
            set(missing, STATE_RESERVED, missing - offset);
        }
        lastEgress = ingress - 1 - offset;
        highest = ingress;
    }

    private void set(long ingress, int state, long egress) {
        int slot = slot(ingress);
        ingressTag[slot] = (int) ingress;
        entries[slot] = state | ((int) egress & 0xFFFF);
    }

    private static int slot(long ingress) {
        return (int) ingress & MASK;
    }
}
