package org.rotunda.media.forward;

import java.util.Arrays;

/**
 * Maps the sequence numbers of successive sources to one unbroken egress stream.
 *
 * <p>Packets that we drop leave no gap. Packets that were lost on the way to us leave a gap of the same size. The
 * numbers in the gap stay reserved, and a late packet gets the number reserved for it. No number is used twice.
 */
final class SequenceRewriter {
    /**
     * The number of ingress sequence numbers that are remembered, a power of two: over a second of 1080p video. Older
     * packets come too late to be played.
     */
    static final int WINDOW_PACKETS = 1024;

    static final int NEWEST = 0;
    static final int RESERVED = 1;
    static final int DUPLICATE = 2;
    static final int STALE = 3;

    private static final int MASK = WINDOW_PACKETS - 1;
    private static final int STATE_RESERVED = 1 << 16;
    private static final int STATE_DONE = 2 << 16;

    // Both arrays are empty until the first source begins to flow.
    private int[] ingressTag = {}; // The low bits of the extended ingress number.
    private int[] entries = {}; // The state and the egress number; 0 if the slot is empty.

    private long first; // The packet with which the source began; older packets are not forwarded.
    private long highest = Long.MIN_VALUE; // MIN_VALUE before the first source.
    private long offset; // Ingress minus egress number, for the next new packet.
    private long lastEgress; // The highest extended egress number that was given or reserved.

    SequenceRewriter(int initialSequenceNumber) {
        lastEgress = (1L << 16) + (initialSequenceNumber & 0xFFFF) - 1;
    }

    /** Begins a new source at this packet. Leaves a gap of {@code skipped} egress numbers before the packet. */
    void rebase(long ingress, int skipped) {
        if (entries.length == 0) {
            ingressTag = new int[WINDOW_PACKETS];
            entries = new int[WINDOW_PACKETS];
        } else {
            Arrays.fill(entries, 0);
        }
        first = ingress;
        highest = ingress - 1;
        offset = ingress - (lastEgress + 1 + skipped);
    }

    /**
     * Classifies a packet of the current source as {@link #NEWEST}, {@link #RESERVED}, {@link #DUPLICATE} or {@link
     * #STALE}.
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

    /** Returns the egress number of a newest or reserved packet and marks the number as used. */
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

    /**
     * Returns the next egress number for a packet of our own, which has no source packet. Requires that a source has
     * begun.
     */
    int insert() {
        offset--;
        lastEgress++;
        return (int) lastEgress & 0xFFFF;
    }

    /**
     * Leaves a packet out of the egress stream. Leaving out a {@link #NEWEST} packet makes no gap. The gap of a {@link
     * #RESERVED} packet stays.
     */
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

    /** Returns the egress number reserved for a missing packet. */
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
