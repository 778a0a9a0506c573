package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reassembles messages from fragments and delivers ordered messages in order (RFC 9260 §6.5, §6.6, §6.9).
 *
 * <p>The fragments of a message have consecutive TSNs, because we do not use interleaving (I-DATA). Each arriving
 * fragment is joined with its neighbours into a run, in constant time. A held chunk is charged to the receive window
 * with {@link #CHUNK_OVERHEAD_BYTES} besides its payload; otherwise a peer could fill the heap with one-byte fragments.
 * An unfragmented message is delivered without a copy if it is unordered or next in order.
 */
final class Reassembly {
    static final int CHUNK_OVERHEAD_BYTES = 64; // A held chunk takes about this many bytes besides its payload.

    /** Receives the reassembled messages. */
    interface Sink {
        /** Receives a whole message. The payload is borrowed for the call. */
        void onMessage(int streamId, int protocol, ByteBuf payload);

        /**
         * Called when a message is longer than the limit. The message is discarded, and later messages are still
         * delivered.
         */
        void onMessageTooLong(int streamId);
    }

    private final SctpSettings settings;
    private final Sink sink;
    private final Map<Integer, Run> runsByFirst = new HashMap<>();
    private final Map<Integer, Run> runsByLast = new HashMap<>();
    private final @Nullable Order[] orders;
    private int heldBytes;

    Reassembly(SctpSettings settings, Sink sink) {
        this.settings = settings;
        this.sink = sink;
        this.orders = new Order[settings.streams()];
    }

    void reset() {
        runsByFirst.clear();
        runsByLast.clear();
        Arrays.fill(orders, null);
        heldBytes = 0;
    }

    /** Returns the bytes charged to the receive window. */
    int heldBytes() {
        return heldBytes;
    }

    /** Takes a new DATA chunk (RFC 9260 §3.3.1) of a valid stream with at least one byte of user data. */
    void onData(ByteBuf packet, int chunk) {
        int flags = SctpPacket.chunkFlags(packet, chunk);
        int streamId = DataChunk.streamId(packet, chunk);
        int ssn = DataChunk.ssn(packet, chunk);
        int protocol = DataChunk.protocol(packet, chunk);
        boolean unordered = (flags & ChunkType.FLAG_UNORDERED) != 0;
        boolean whole =
                (flags & (ChunkType.FLAG_BEGIN | ChunkType.FLAG_END)) == (ChunkType.FLAG_BEGIN | ChunkType.FLAG_END);
        int length = DataChunk.payloadLength(packet, chunk);
        if (whole && length <= settings.messageBytesMax()) {
            if (unordered) {
                sink.onMessage(streamId, protocol, packet.slice(DataChunk.payload(chunk), length));
                return;
            }
            Order order = order(streamId);
            if (order.isNext(ssn)) {
                order.next++;
                sink.onMessage(streamId, protocol, packet.slice(DataChunk.payload(chunk), length));
                release(streamId);
                return;
            }
        }
        byte[] bytes = new byte[length];
        packet.getBytes(DataChunk.payload(chunk), bytes);
        heldBytes += length + CHUNK_OVERHEAD_BYTES;
        Run run = new Run(DataChunk.tsn(packet, chunk), streamId, ssn, protocol, flags, bytes);
        limit(run);
        complete(join(run));
    }

    /**
     * Drops the incomplete messages up to this TSN, because the peer has abandoned them (FORWARD TSN, RFC 3758 §3.6).
     */
    void dropUnfinishedUpTo(int tsn) {
        Iterator<Run> all = runsByFirst.values().iterator();
        while (all.hasNext()) {
            Run run = all.next();
            if (!Serial.isBefore(tsn, run.firstTsn)) {
                all.remove();
                runsByLast.remove(run.lastTsn);
                heldBytes -= run.heldBytes;
            }
        }
    }

    /**
     * Skips the messages of a stream up to {@code ssn} after a FORWARD TSN. Complete messages among them are delivered.
     */
    void skipOrder(int streamId, int ssn) {
        Order order = order(streamId);
        long upTo = order.extended(ssn);
        while (!order.waiting.isEmpty() && order.waiting.firstKey() <= upTo) {
            order.next = order.waiting.firstKey() + 1;
            deliver(order.waiting.pollFirstEntry().getValue());
        }
        order.next = Math.max(order.next, upTo + 1);
        release(streamId);
    }

    /** Restarts a stream that the peer has reset (RFC 6525 §5.2.2). The next message has sequence number 0. */
    void resetStream(int streamId) {
        Order order = orders[streamId];
        if (order == null) {
            return;
        }
        for (Run run : order.waiting.values()) {
            heldBytes -= run.heldBytes;
        }
        orders[streamId] = null;
    }

    private Run join(Run run) {
        Run joined = run;
        Run before = run.begins ? null : runsByLast.get(run.firstTsn - 1);
        if (before != null && before.continuesWith(run)) {
            forget(before);
            before.append(run);
            joined = before;
            limit(joined);
        }
        Run after = run.ends ? null : runsByFirst.get(run.lastTsn + 1);
        if (after != null && joined.continuesWith(after)) {
            forget(after);
            joined.append(after);
            limit(joined);
        }
        return joined;
    }

    private void limit(Run run) {
        if (run.lengthBytes > settings.messageBytesMax() && !run.isTooLong) {
            run.isTooLong = true;
            sink.onMessageTooLong(run.streamId);
        }
        if (run.isTooLong) {
            heldBytes -= run.heldBytes;
            run.dropBytes();
        }
    }

    private void forget(Run run) {
        runsByFirst.remove(run.firstTsn);
        runsByLast.remove(run.lastTsn);
    }

    private void complete(Run run) {
        if (!run.begins || !run.ends) {
            runsByFirst.put(run.firstTsn, run);
            runsByLast.put(run.lastTsn, run);
            return;
        }
        if (run.unordered) {
            deliver(run);
            return;
        }
        Order order = order(run.streamId);
        long sequence = order.extended(run.ssn);
        if (sequence < order.next || order.waiting.putIfAbsent(sequence, run) != null) {
            heldBytes -= run.heldBytes; // Drops the message: only a broken peer uses a sequence number twice.
            return;
        }
        release(run.streamId);
    }

    /** Delivers the messages that are next in line. The listener may reset the stream meanwhile. */
    private void release(int streamId) {
        Order order = orders[streamId];
        while (order != null && !order.waiting.isEmpty() && order.waiting.firstKey() == order.next) {
            order.next++;
            deliver(order.waiting.pollFirstEntry().getValue());
        }
    }

    private void deliver(Run run) {
        heldBytes -= run.heldBytes;
        if (!run.isTooLong) {
            sink.onMessage(run.streamId, run.protocol, run.payload());
        }
    }

    private Order order(int streamId) {
        Order order = orders[streamId];
        if (order == null) {
            order = new Order();
            orders[streamId] = order;
        }
        return order;
    }

    /**
     * The order of the messages in one stream. Stream sequence numbers are extended to 64 bits, so they never wrap
     * here.
     */
    private static final class Order {
        final TreeMap<Long, Run> waiting = new TreeMap<>();
        long next;

        boolean isNext(int ssn) {
            return ((int) next & 0xFFFF) == ssn;
        }

        long extended(int ssn) {
            return next + (short) (ssn - (int) next);
        }
    }

    /** A run of consecutive fragments of one message. */
    private static final class Run {
        final int firstTsn;
        final int streamId;
        final int ssn;
        final int protocol;
        final boolean unordered;
        final boolean begins;
        int lastTsn;
        boolean ends;
        boolean isTooLong;
        int lengthBytes;
        int heldBytes;

        @Nullable
        Fragment head;

        @Nullable
        Fragment tail;

        Run(int tsn, int streamId, int ssn, int protocol, int flags, byte[] bytes) {
            this.firstTsn = tsn;
            this.lastTsn = tsn;
            this.streamId = streamId;
            this.ssn = ssn;
            this.protocol = protocol;
            this.unordered = (flags & ChunkType.FLAG_UNORDERED) != 0;
            this.begins = (flags & ChunkType.FLAG_BEGIN) != 0;
            this.ends = (flags & ChunkType.FLAG_END) != 0;
            this.lengthBytes = bytes.length;
            this.heldBytes = bytes.length + CHUNK_OVERHEAD_BYTES;
            this.head = new Fragment(bytes);
            this.tail = head;
        }

        boolean continuesWith(Run next) {
            return !ends
                    && !next.begins
                    && streamId == next.streamId
                    && unordered == next.unordered
                    && (unordered || ssn == next.ssn);
        }

        void append(Run next) {
            if (tail == null) {
                head = next.head;
            } else {
                tail.next = next.head;
            }
            if (next.tail != null) {
                tail = next.tail;
            }
            lastTsn = next.lastTsn;
            ends = next.ends;
            isTooLong |= next.isTooLong;
            // The sum is limited, because an endless message would overflow it.
            lengthBytes = (int) Math.min(Integer.MAX_VALUE, (long) lengthBytes + next.lengthBytes);
            heldBytes += next.heldBytes;
        }

        void dropBytes() {
            head = null;
            tail = null;
            heldBytes = 0;
        }

        ByteBuf payload() {
            byte[] whole = new byte[lengthBytes];
            int offset = 0;
            for (Fragment fragment = head; fragment != null; fragment = fragment.next) {
                System.arraycopy(fragment.bytes, 0, whole, offset, fragment.bytes.length);
                offset += fragment.bytes.length;
            }
            return Unpooled.wrappedBuffer(whole);
        }
    }

    private static final class Fragment {
        final byte[] bytes;

        @Nullable
        Fragment next;

        Fragment(byte[] bytes) {
            this.bytes = bytes;
        }
    }
}
