package org.rotunda.media.congestion;

import java.util.Arrays;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The packets of one transport that may still be reported: transport-wide sequence number to departure time, size and
 * probe cluster. Owned by the event loop of the transport.
 *
 * <p>An entry is one {@code long}, so that a packet touches one cache line. The table begins small and doubles while
 * packets that are too young to be forgotten would be overwritten, up to {@link #PACKETS_MAX}.
 */
final class SendHistory {
    /** The first size of the table, a power of two: a second at 5 Mbit/s. */
    static final int PACKETS_MIN = 512;

    /**
     * The largest table: half of the sequence numbers, because with more the 16 bits on the wire would be ambiguous.
     */
    static final int PACKETS_MAX = 1 << 15;

    /** The age after which a packet may be overwritten. Feedback that is later than this tells nothing useful. */
    static final long KEPT_NANOS = 10_000_000_000L;

    /** The largest size that is told; longer packets count as this. */
    static final int SIZE_BYTES_MAX = (1 << 11) - 1;

    /** The highest number of a probe cluster. Numbers are used again after that. */
    static final int CLUSTER_MAX = (1 << 7) - 1;

    /** The state of an unused entry. */
    static final int NONE = 0;

    /** The state of a packet that no feedback has told about. */
    static final int IN_FLIGHT = 1;

    /** The state of a packet that was reported as not received and may only be late. */
    static final int MISSING = 2;

    /** The state of a packet that was counted as lost. */
    static final int LOST = 3;

    private static final int STATE_BITS = 2;
    private static final int CLUSTER_BITS = 7;
    private static final int SIZE_BITS = 11;
    private static final int TIME_SHIFT = STATE_BITS + CLUSTER_BITS + SIZE_BITS;
    private static final long NANOS_PER_UNIT = 1_000; // Times are kept in µs: 44 bits are 200 days.

    private final long originNanos;
    private long[] entries = new long[PACKETS_MIN];
    private long highest = -1; // The highest extended sequence number sent; -1 before the first packet.
    private long oldest; // The lowest extended sequence number that can be in the table.

    SendHistory(long originNanos) {
        this.originNanos = originNanos;
    }

    /** Records a packet that leaves now. A number that is not newer than the last one is ignored. */
    void add(int transportSequence, int sizeBytes, int cluster, long nowNanos) {
        long packet = next(transportSequence);
        if (highest < 0) {
            highest = packet - 1;
            oldest = packet;
        }
        if (packet <= highest) {
            return;
        }
        if (packet - highest > PACKETS_MAX / 2) {
            Arrays.fill(entries, 0); // The numbers were restarted.
            oldest = packet;
            highest = packet - 1;
        }
        for (long skipped = highest + 1; skipped < packet; skipped++) {
            makeRoom(skipped, nowNanos);
            entries[slot(skipped)] = 0;
        }
        makeRoom(packet, nowNanos);
        highest = packet;
        long micros = Math.max(0, nowNanos - originNanos) / NANOS_PER_UNIT;
        entries[slot(packet)] = micros << TIME_SHIFT
                | (long) Math.min(SIZE_BYTES_MAX, Math.max(0, sizeBytes)) << (STATE_BITS + CLUSTER_BITS)
                | (long) cluster << STATE_BITS
                | IN_FLIGHT;
    }

    /** Returns the extended number that a packet will get that is sent now. */
    long next(int transportSequence) {
        return highest < 0
                ? SequenceNumbers.first(transportSequence)
                : SequenceNumbers.unwrap(transportSequence, highest + 1);
    }

    /** Returns the extended number that a number of a feedback message stands for. It may be unknown here. */
    long unwrap(int transportSequence) {
        return SequenceNumbers.unwrap(transportSequence, highest);
    }

    /** Returns the highest extended sequence number sent, or -1. */
    long highest() {
        return highest;
    }

    /** Returns the lowest extended sequence number that may be known. */
    long oldest() {
        return oldest;
    }

    /** Returns the state of a packet; {@link #NONE} if it was acknowledged, forgotten or never sent. */
    int state(long packet) {
        return packet > highest || packet < oldest ? NONE : (int) (entries[slot(packet)] & ((1 << STATE_BITS) - 1));
    }

    /** Sets the state of a packet that is known. {@link #NONE} forgets it. */
    void setState(long packet, int state) {
        int slot = slot(packet);
        entries[slot] = (entries[slot] & -(1 << STATE_BITS)) | state;
    }

    /** Returns the departure time of a known packet, rounded down to µs. */
    long sentNanos(long packet) {
        return (entries[slot(packet)] >>> TIME_SHIFT) * NANOS_PER_UNIT + originNanos;
    }

    int sizeBytes(long packet) {
        return (int) (entries[slot(packet)] >>> (STATE_BITS + CLUSTER_BITS)) & SIZE_BYTES_MAX;
    }

    int cluster(long packet) {
        return (int) (entries[slot(packet)] >>> STATE_BITS) & CLUSTER_MAX;
    }

    /** Forgets all packets, but not the numbering. */
    void clear() {
        Arrays.fill(entries, 0);
        oldest = highest + 1;
    }

    /** Returns the number of entries of the table. */
    int capacity() {
        return entries.length;
    }

    private void makeRoom(long packet, long nowNanos) {
        if (packet - oldest < entries.length) {
            return;
        }
        boolean young = state(oldest) != NONE && nowNanos - sentNanos(oldest) < KEPT_NANOS;
        if (young && entries.length < PACKETS_MAX) {
            grow(packet);
        } else {
            oldest = packet - entries.length + 1;
        }
    }

    private void grow(long next) {
        long[] larger = new long[entries.length * 2];
        for (long packet = oldest; packet < next; packet++) {
            larger[(int) packet & (larger.length - 1)] = entries[slot(packet)];
        }
        entries = larger;
    }

    private int slot(long packet) {
        return (int) packet & (entries.length - 1);
    }
}
