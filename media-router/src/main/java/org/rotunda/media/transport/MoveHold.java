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
 * The new messages on channels that another node opened. They wait until the messages that the client may not have got
 * from that node are repeated, because the client must get all messages of a channel in order. Owned by one event loop.
 *
 * <p>A channel stops waiting when its repeats arrive, one second after its first new message, or when it holds too many
 * bytes. No channel waits longer than ten seconds after the client has connected, because by then the room would have
 * moved the client to another node.
 */
final class MoveHold {
    static final long WAIT_NANOS = 1_000_000_000L;
    static final long MOVE_NANOS = 10_000_000_000L;

    /**
     * The limit for one channel. It is a quarter of the bytes that SCTP buffers (SctpSettings), so that SCTP always has
     * room for the held messages.
     */
    static final int CHANNEL_BYTES_MAX = 256 * 1024;

    /** The bytes added to each message for the cost of its objects, so that the limit also bounds short messages. */
    private static final int OVERHEAD_BYTES = 64;

    private static final class Waiting {
        private final ArrayDeque<DataMessage> messages = new ArrayDeque<>();
        private int bytes;
        private long untilNanos = Deadline.NO_DEADLINE;
    }

    private final Map<String, Waiting> channels = new LinkedHashMap<>();
    private long moveUntilNanos = Deadline.NO_DEADLINE;

    /** Makes new messages on this channel wait from now on. */
    void add(String label) {
        channels.put(label, new Waiting());
    }

    /** Starts the limit of ten seconds for all channels. Called when the client has connected. */
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

    /**
     * Keeps a copy of a message. Returns false if there is no room. The caller then releases the channel and sends the
     * message.
     */
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

    /** Returns the channel's messages, oldest first. The channel continues to wait. */
    List<DataMessage> held(String label) {
        Waiting waiting = channels.get(label);
        return waiting == null ? List.of() : List.copyOf(waiting.messages);
    }

    /** Returns the labels of the channels that have waited long enough. */
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
