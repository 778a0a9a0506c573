package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * The last packets of one received encoding as plaintext, kept for resends. All subscribers of the encoding share the
 * history, so a packet is held once for any number of subscribers. Owned by one event loop.
 *
 * <p>The history holds a reference to each packet. It releases the reference when the packet is overwritten or too old,
 * or on {@link #close}. Readers must not change a packet or its indices.
 */
public final class PacketHistory implements AutoCloseable {
    /**
     * The capacity for video in packets, about half a second at 1080p. The capacity for audio is {@link
     * #AUDIO_PACKETS}, over a second of Opus packets of 20 ms.
     */
    public static final int VIDEO_PACKETS = 512;

    public static final int AUDIO_PACKETS = 64;

    /** The greatest age of a packet. An older packet would come too late for any jitter buffer. */
    public static final long AGE_NANOS_MAX = 2_000_000_000L;

    /**
     * The number of packets by which a packet must lie behind the highest sequence number to show that the sender has
     * restarted. A merely late packet is never that far behind (RFC 3550 §A.1, MAX_DROPOUT).
     */
    static final int RESTART_DISTANCE = 3_000;

    private final @Nullable ByteBuf[] packets;
    private final long[] sequences; // The extended sequence numbers of the packets held.
    private final long[] putNanos;
    private long highest = -1;
    private long oldest; // No packet with a lower number is held.
    private int held;
    private long heldBytes;
    private boolean closed;

    /** Makes a history for {@code capacity} packets, which must be a power of two. */
    public PacketHistory(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("the capacity must be a power of two: " + capacity);
        }
        packets = new ByteBuf[capacity];
        sequences = new long[capacity];
        putNanos = new long[capacity];
    }

    /** Retains the packet, unless the history holds it already or the packet is too old for the history's capacity. */
    public void put(int sequenceNumber, ByteBuf packet, long nowNanos) {
        if (closed) {
            return;
        }
        long sequence = highest < 0 ? start(sequenceNumber) : SequenceNumbers.unwrap(sequenceNumber, highest);
        if (sequence <= highest - RESTART_DISTANCE) { // No packet is that late, so the sender has restarted.
            releaseBelow(highest + 1);
            sequence = start(sequenceNumber);
        }
        if (sequence <= highest - packets.length) {
            return;
        }
        if (sequence > highest) {
            releaseBelow(sequence - packets.length + 1);
            highest = sequence;
        }
        int slot = slot(sequence);
        if (packets[slot] != null) {
            return; // This packet came before, directly or by RTX.
        }
        packets[slot] = packet.retain();
        sequences[slot] = sequence;
        putNanos[slot] = nowNanos;
        oldest = held == 0 ? sequence : Math.min(oldest, sequence);
        held++;
        heldBytes += packet.readableBytes();
        expire(nowNanos);
    }

    /** Returns the packet, or null if the history does not hold it. The packet is borrowed. */
    public @Nullable ByteBuf get(int sequenceNumber, long nowNanos) {
        if (highest < 0) {
            return null;
        }
        long sequence = SequenceNumbers.unwrap(sequenceNumber, highest);
        int slot = slot(sequence);
        boolean there = packets[slot] != null && sequences[slot] == sequence;
        return there && nowNanos - putNanos[slot] <= AGE_NANOS_MAX ? packets[slot] : null;
    }

    /**
     * Releases the packets that are too old. {@link #put} also releases them, but is not called while the stream is
     * silent.
     */
    public void onTimeout(long nowNanos) {
        expire(nowNanos);
    }

    public long nextDeadlineNanos() {
        return held == 0 ? NO_DEADLINE : putNanos[slot(oldest)] + AGE_NANOS_MAX + 1;
    }

    /** Returns the number of packets held. */
    public int size() {
        return held;
    }

    public long sizeBytes() {
        return heldBytes;
    }

    /** Releases all packets. Later packets are ignored. */
    @Override
    public void close() {
        closed = true;
        releaseBelow(highest + 1);
    }

    private long start(int sequenceNumber) {
        long sequence = SequenceNumbers.first(sequenceNumber);
        highest = sequence - 1;
        oldest = sequence;
        return sequence;
    }

    private void expire(long nowNanos) {
        while (held > 0 && nowNanos - putNanos[slot(oldest)] > AGE_NANOS_MAX) {
            release(slot(oldest));
            skipHoles();
        }
    }

    private void releaseBelow(long end) {
        while (held > 0 && oldest < end) {
            release(slot(oldest));
            skipHoles();
        }
    }

    /** Moves {@link #oldest} to the oldest packet that is held. */
    private void skipHoles() {
        while (held > 0 && packets[slot(oldest)] == null) {
            oldest++;
        }
    }

    private void release(int slot) {
        ByteBuf packet = packets[slot];
        if (packet == null) {
            throw new IllegalStateException("the history lost count of its packets");
        }
        packets[slot] = null;
        held--;
        heldBytes -= packet.readableBytes();
        packet.release();
    }

    private int slot(long sequence) {
        return (int) sequence & (packets.length - 1);
    }
}
