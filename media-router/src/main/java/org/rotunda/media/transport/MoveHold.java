package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.time.Deadline;

/**
 * New messages on channels taken over from another node. They wait until the messages that the client may not have got
 * from that node are repeated, because the client must get all messages of a channel in order. Owned by one event loop.
 *
 * <p>A channel waits until its repeats are here, or one second from its first new message, or until it holds too much;
 * and no channel waits longer than ten seconds after the client came, because by then the room would have moved the
 * client elsewhere.
 */
final class MoveHold {
    static final long WAIT_NANOS = 1_000_000_000L;
    static final long MOVE_NANOS = 10_000_000_000L;

    /**
     * A limit for one channel: a quarter of the bytes that SCTP takes (SctpSettings), so that the held messages always
     * fit.
     */
    static final int CHANNEL_BYTES_MAX = 256 * 1024;

    /** The cost of a message in objects, counted with its bytes so that many short messages stay within the limit. */
    private static final int OVERHEAD_BYTES = 64;

    private static final class Waiting {
        private final ArrayDeque<DataMessage> messages = new ArrayDeque<>();
        private int bytes;
        private long untilNanos = Deadline.NO_DEADLINE;
    }

    private final Map<String, Waiting> channels = new LinkedHashMap<>();
    private long moveUntilNanos = Deadline.NO_DEADLINE;

    /** New messages on this channel wait from now on. */
    void add(String label) {
        channels.put(label, new Waiting());
    }

    /** The client has connected: from now on messages would reach it. */
    void onStarted(long nowNanos) {
        moveUntilNanos = nowNanos + MOVE_NANOS;
    }

    boolean isHeld(String label) {
        return channels.containsKey(label);
    }

    boolean isEmpty() {
        return channels.isEmpty();
    }

    List<String> labels() {
        return List.copyOf(channels.keySet());
    }

    /** Keeps a copy of a message. False when there is no room: the caller then releases the channel and sends. */
    boolean hold(String label, ByteBuf payload, boolean binary, long nowNanos) {
        Waiting waiting = channels.get(label);
        int charged = payload.readableBytes() + OVERHEAD_BYTES;
        if (waiting == null || waiting.bytes + charged > CHANNEL_BYTES_MAX) {
            return false;
        }
        if (waiting.messages.isEmpty()) {
            waiting.untilNanos = nowNanos + WAIT_NANOS;
        }
        waiting.bytes += charged;
        waiting.messages.add(new DataMessage(label, binary, ByteBufUtil.getBytes(payload)));
        return true;
    }

    /** Ends the channel's wait and returns its messages, oldest first. */
    List<DataMessage> release(String label) {
        Waiting waiting = channels.remove(label);
        return waiting == null ? List.of() : List.copyOf(waiting.messages);
    }

    /** Returns the channel's messages; it goes on waiting. */
    List<DataMessage> held(String label) {
        Waiting waiting = channels.get(label);
        return waiting == null ? List.of() : List.copyOf(waiting.messages);
    }

    /** The channels that have waited long enough. */
    List<String> due(long nowNanos) {
        List<String> due = new ArrayList<>();
        channels.forEach((label, waiting) -> {
            if (nowNanos >= Deadline.min(waiting.untilNanos, moveUntilNanos)) {
                due.add(label);
            }
        });
        return due;
    }

    long nextDeadlineNanos() {
        if (channels.isEmpty()) {
            return Deadline.NO_DEADLINE;
        }
        long next = moveUntilNanos;
        for (Waiting waiting : channels.values()) {
            next = Deadline.min(next, waiting.untilNanos);
        }
        return next;
    }

    void clear() {
        channels.clear();
    }
}
