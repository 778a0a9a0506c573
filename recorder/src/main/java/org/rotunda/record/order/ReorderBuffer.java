package org.rotunda.record.order;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets into the order of their extended sequence numbers. A missing packet is waited for until a fixed time
 * after the packet behind it arrived, until it is known that it will not come, or until the buffer is full. Duplicates
 * are dropped.
 *
 * <p>Sans-IO: packets and time come in as arguments. Owned by one event loop.
 */
public final class ReorderBuffer {
    /** The window in packets; a power of two. It holds a second of 30 Mbit/s; the limit of bytes acts before. */
    static final int WINDOW_PACKETS = 4_096;

    private static final long NONE = -1;

    private final OrderSink sink;
    private final long waitNanos;
    private final long bytesMax;
    private final @Nullable MediaPacket[] packets = new @Nullable MediaPacket[WINDOW_PACKETS];
    private final long[] arrivedNanos = new long[WINDOW_PACKETS];
    private final boolean[] gone = new boolean[WINDOW_PACKETS];

    private long next = NONE; // The sequence number that is to leave next; NONE before the first packet.
    private long highest = NONE; // The highest sequence number that has come or is known to be gone.
    private long heldBytes;
    private long heldPackets;
    private long duplicates;
    private long deadlineNanos = NO_DEADLINE;

    /**
     * Creates an empty buffer.
     *
     * @param waitNanos how long the first packet behind a missing one waits
     * @param bytesMax the payload bytes that may wait; beyond, the missing packets are given up
     */
    public ReorderBuffer(OrderSink sink, long waitNanos, long bytesMax) {
        this.sink = sink;
        this.waitNanos = waitNanos;
        this.bytesMax = bytesMax;
    }

    /** Takes ownership of the packet. */
    public void onPacket(MediaPacket packet, long nowNanos) {
        long sequence = packet.sequence();
        if (next == NONE) {
            next = sequence;
            highest = sequence - 1;
        }
        if (sequence < next) {
            duplicates++; // It has left before, or came too late.
            packet.release();
            return;
        }
        if (sequence - next >= WINDOW_PACKETS) {
            skipTo(sequence);
        }
        int slot = slot(sequence);
        if (packets[slot] != null) {
            duplicates++;
            packet.release();
            return;
        }
        packets[slot] = packet;
        gone[slot] = false; // It came although it was given up; it is not too late.
        arrivedNanos[slot] = nowNanos;
        highest = Math.max(highest, sequence);
        heldPackets++;
        heldBytes += packet.payload().readableBytes();
        release(nowNanos);
    }

    /** Handles the news that packets will not come, from {@code first} to {@code last}, inclusive. */
    public void onGone(long first, long last, long nowNanos) {
        if (next == NONE || last < next || first > last) {
            return;
        }
        if (last - next >= WINDOW_PACKETS) {
            skipTo(last + 1);
        } else {
            for (long sequence = Math.max(first, next); sequence <= last; sequence++) {
                gone[slot(sequence)] |= packets[slot(sequence)] == null;
            }
            highest = Math.max(highest, last);
        }
        release(nowNanos);
    }

    public void onTimeout(long nowNanos) {
        if (nowNanos >= deadlineNanos) {
            release(nowNanos);
        }
    }

    /** Lets everything leave that waits, and forgets the sequence numbers: those of another stream may follow. */
    public void drain() {
        releaseHeld();
        next = NONE;
        highest = NONE;
        deadlineNanos = NO_DEADLINE;
    }

    private void release(long nowNanos) {
        deadlineNanos = NO_DEADLINE;
        while (next <= highest) {
            int slot = slot(next);
            if (packets[slot] != null) {
                leave(slot);
            } else {
                long end = endOfHole();
                boolean isGone = isGone(end);
                if (!isGone && end > highest) {
                    return; // Nothing behind it has arrived.
                }
                if (!isGone && heldBytes <= bytesMax) {
                    long dueNanos = arrivedNanos[slot(end)] + waitNanos;
                    if (nowNanos < dueNanos) {
                        deadlineNanos = dueNanos;
                        return;
                    }
                }
                giveUpTo(end);
            }
        }
    }

    /** Returns the first number after {@code next} whose packet is there, or the one after the highest. */
    private long endOfHole() {
        long end = next + 1;
        while (end <= highest && packets[slot(end)] == null) {
            end++;
        }
        return end;
    }

    private boolean isGone(long end) {
        for (long sequence = next; sequence < end; sequence++) {
            if (!gone[slot(sequence)]) {
                return false;
            }
        }
        return true;
    }

    private void giveUpTo(long end) {
        long first = next;
        for (long sequence = first; sequence < end; sequence++) {
            gone[slot(sequence)] = false;
        }
        next = end;
        sink.missing(first, end - 1);
    }

    private void leave(int slot) {
        MediaPacket packet = packets[slot];
        if (packet == null) {
            throw new IllegalStateException("no packet in the slot");
        }
        packets[slot] = null;
        heldPackets--;
        heldBytes -= packet.payload().readableBytes();
        next++;
        sink.packet(packet);
    }

    /** Lets everything leave that waits, and gives up the numbers between it and {@code sequence}. */
    private void skipTo(long sequence) {
        releaseHeld();
        if (next < sequence) {
            long first = next;
            next = sequence;
            sink.missing(first, sequence - 1);
        }
        highest = Math.max(highest, sequence - 1);
    }

    private void releaseHeld() {
        while (next <= highest) {
            int slot = slot(next);
            if (packets[slot] != null) {
                leave(slot);
            } else {
                giveUpTo(endOfHole());
            }
        }
        Arrays.fill(gone, false);
    }

    private static int slot(long sequence) {
        return (int) sequence & (WINDOW_PACKETS - 1);
    }

    /** Returns the number that is to leave next, or -1 before the first packet. All below have left or are given up. */
    public long next() {
        return next;
    }

    public boolean isEmpty() {
        return heldPackets == 0;
    }

    /** Returns the number of packets that came twice or too late. */
    public long duplicates() {
        return duplicates;
    }

    public long nextDeadlineNanos() {
        return deadlineNanos;
    }
}
