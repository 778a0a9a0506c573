package org.rotunda.media.sctp;

import java.util.Arrays;

/**
 * Tracks the TSNs that have arrived (RFC 9260 §6.2): all TSNs up to the cumulative TSN, and one bit for each later TSN
 * in a window. Duplicates are kept for the next SACK.
 */
final class TsnTracker {
    /**
     * The number of TSNs in the window, a power of two. A chunk whose TSN is beyond the window is not accepted. A peer
     * has far fewer chunks in flight.
     */
    static final int WINDOW_TSNS = 8192;

    static final int DUPLICATES_MAX = 20;

    private final long[] bits = new long[WINDOW_TSNS / Long.SIZE];
    private final int[] duplicates = new int[DUPLICATES_MAX];
    private int duplicateCount;
    private int cumulative;
    private int highest;

    enum Arrival {
        NEW,
        DUPLICATE,
        BEYOND_WINDOW
    }

    void reset(int initialTsn) {
        Arrays.fill(bits, 0);
        duplicateCount = 0;
        cumulative = initialTsn - 1;
        highest = cumulative;
    }

    int cumulative() {
        return cumulative;
    }

    int highest() {
        return highest;
    }

    boolean hasGaps() {
        return highest != cumulative;
    }

    Arrival classify(int tsn) {
        int distance = tsn - cumulative;
        if (distance <= 0) {
            return Arrival.DUPLICATE;
        }
        if (distance >= WINDOW_TSNS) {
            return Arrival.BEYOND_WINDOW;
        }
        return isSet(tsn) ? Arrival.DUPLICATE : Arrival.NEW;
    }

    /** Marks a TSN as arrived. {@link #classify} must have returned {@link Arrival#NEW} for the TSN. */
    void accept(int tsn) {
        set(tsn);
        highest = Serial.later(highest, tsn);
        absorb();
    }

    void noteDuplicate(int tsn) {
        if (duplicateCount < DUPLICATES_MAX) {
            duplicates[duplicateCount++] = tsn;
        }
    }

    /** Marks all TSNs up to this TSN as received, after a FORWARD TSN (RFC 3758 §3.6). */
    void forwardTo(int tsn) {
        int steps = tsn - cumulative;
        if (steps <= 0) {
            return;
        }
        if (steps >= WINDOW_TSNS) {
            Arrays.fill(bits, 0);
        } else {
            for (int passed = cumulative + 1; passed != tsn + 1; passed++) {
                clear(passed);
            }
        }
        cumulative = tsn;
        highest = Serial.later(highest, tsn);
        absorb();
    }

    /**
     * Writes the gap ack blocks to the array as pairs of offsets from the cumulative TSN. Returns the number of blocks.
     */
    int gapBlocks(int[] offsets) {
        int blocks = 0;
        int span = highest - cumulative;
        int offset = 2; // The TSN at offset 1 is missing, or the cumulative TSN would be higher.
        while (offset <= span && 2 * blocks < offsets.length) {
            if (!isSet(cumulative + offset)) {
                offset++;
                continue;
            }
            int first = offset;
            while (offset < span && isSet(cumulative + offset + 1)) {
                offset++;
            }
            offsets[2 * blocks] = first;
            offsets[2 * blocks + 1] = offset;
            blocks++;
            offset++;
        }
        return blocks;
    }

    int duplicateCount() {
        return duplicateCount;
    }

    int duplicate(int index) {
        return duplicates[index];
    }

    void clearDuplicates() {
        duplicateCount = 0;
    }

    private void absorb() {
        while (cumulative != highest && isSet(cumulative + 1)) {
            cumulative++;
            clear(cumulative);
        }
    }

    private boolean isSet(int tsn) {
        return (bits[word(tsn)] >>> (tsn & 63) & 1) != 0;
    }

    private void set(int tsn) {
        bits[word(tsn)] |= 1L << (tsn & 63);
    }

    private void clear(int tsn) {
        bits[word(tsn)] &= ~(1L << (tsn & 63));
    }

    private static int word(int tsn) {
        return (tsn & (WINDOW_TSNS - 1)) >>> 6;
    }
}
