package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.LoopLinks;
import org.rotunda.media.router.RelayEnd;
import org.rotunda.media.router.RelayMessage;
import org.rotunda.media.router.RelayShare;

/**
 * The queue of what other event loops hand over to one loop. Any number of loops put; the one loop takes. What one loop puts
 * is taken in order. A full queue refuses.
 *
 * <p>A ring of entries that are made once, with a number for each that says whose turn it is: the bounded queue of D.
 * Vyukov, with one taker. The queues of libraries take one object for each element; this one takes a packet without making
 * an object.
 */
public final class HandoverQueue {
    /**
     * The capacity in packets and messages. A loop at its limit forwards to some 90,000 packets per second; it is given far
     * fewer, so the queue holds what comes in more than 50 ms.
     */
    public static final int CAPACITY = 4_096;

    private final Entry[] entries;
    private final AtomicLongArray turns; // The position for which an entry is free, or one more if it is filled.
    private final AtomicLong tail = new AtomicLong(); // The next position to fill.
    private long head; // The next position to take. Belongs to the taker.

    private static final class Entry {
        private @Nullable RelayEnd to;
        private @Nullable RelayMessage message;
        private @Nullable ByteBuf payload;
        private @Nullable RelayShare share;
        private int detail; // The encoding of a packet; 1 for a binary message.
        private long putNanos;
    }

    public HandoverQueue() {
        this(CAPACITY);
    }

    /** @param capacity a power of two, at least 2: with one entry, filled and free for the next would be the same number */
    public HandoverQueue(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < 2) {
            throw new IllegalArgumentException("the capacity must be a power of two from 2 on: " + capacity);
        }
        entries = new Entry[capacity];
        turns = new AtomicLongArray(capacity);
        for (int i = 0; i < capacity; i++) {
            entries[i] = new Entry();
            turns.setPlain(i, i);
        }
    }

    /** Puts a packet, which the queue retains. Returns false if the queue is full. */
    public boolean putPacket(RelayEnd to, int encoding, ByteBuf packet, RelayShare share, long nowNanos) {
        return put(to, null, encoding, packet, share, nowNanos);
    }

    /** Puts a message of a data track, whose payload the queue retains. Returns false if the queue is full. */
    public boolean putData(
            RelayMessage.DataMessage track, boolean binary, ByteBuf payload, RelayShare share, long nowNanos) {
        return put(null, track, binary ? 1 : 0, payload, share, nowNanos);
    }

    /** Puts a message. Returns false if the queue is full. */
    public boolean putMessage(RelayMessage message, long nowNanos) {
        return put(null, message, 0, null, null, nowNanos);
    }

    private boolean put(
            @Nullable RelayEnd to,
            @Nullable RelayMessage message,
            int detail,
            @Nullable ByteBuf payload,
            @Nullable RelayShare share,
            long nowNanos) {
        long position = claim();
        if (position < 0) {
            return false;
        }
        int index = index(position);
        Entry entry = entries[index];
        entry.to = to;
        entry.message = message;
        entry.detail = detail;
        entry.payload = payload == null ? null : payload.retain();
        entry.share = share;
        entry.putNanos = nowNanos;
        turns.setRelease(index, position + 1);
        return true;
    }

    /** Returns a position to fill, or -1 if the queue is full. */
    private long claim() {
        while (true) {
            long position = tail.get();
            long turn = turns.getAcquire(index(position));
            if (turn < position) {
                return -1;
            }
            if (turn == position && tail.compareAndSet(position, position + 1)) {
                return position;
            }
        }
    }

    /** Returns whether nothing can be taken. Called by the taker. */
    public boolean isEmpty() {
        return turns.getAcquire(index(head)) != head + 1;
    }

    /** Returns the time with which the oldest element was put. Called by the taker; the queue must not be empty. */
    public long oldestNanos() {
        return entries[index(head)].putNanos;
    }

    /**
     * Takes what is there, at most one capacity of it, so that other input has its turn.
     *
     * @return the number of elements that were taken
     */
    public int drainTo(LoopLinks.Receiver receiver, long nowNanos) {
        int taken = 0;
        while (taken < entries.length && !isEmpty()) {
            taken++;
            takeOne(receiver, nowNanos);
        }
        return taken;
    }

    private void takeOne(LoopLinks.Receiver receiver, long nowNanos) {
        int index = index(head);
        Entry entry = entries[index];
        RelayEnd to = entry.to;
        RelayMessage message = entry.message;
        ByteBuf payload = entry.payload;
        RelayShare share = entry.share;
        int detail = entry.detail;
        entry.to = null;
        entry.message = null;
        entry.payload = null;
        entry.share = null;
        turns.setRelease(index, head + entries.length);
        head++;
        if (share != null && payload != null) {
            share.onTaken(payload.readableBytes());
        }
        try {
            if (message != null) {
                receiver.onRelayMessage(message, detail != 0, payload, nowNanos);
            } else if (to != null && payload != null) {
                receiver.onRelayedPacket(to, detail, payload, nowNanos);
            }
        } finally {
            if (payload != null) {
                payload.release();
            }
        }
    }

    /** Releases what is left. Called when both sides have ended. */
    public void close() {
        while (!isEmpty()) {
            takeOne(NOBODY, 0);
        }
    }

    private static final LoopLinks.Receiver NOBODY = new LoopLinks.Receiver() {
        @Override
        public void onRelayedPacket(RelayEnd to, int encoding, ByteBuf packet, long nowNanos) {
            // Dropped with its loop.
        }

        @Override
        public void onRelayMessage(RelayMessage message, boolean binary, @Nullable ByteBuf payload, long nowNanos) {
            // Dropped with its loop.
        }
    };

    private int index(long position) {
        return (int) position & (entries.length - 1);
    }
}
