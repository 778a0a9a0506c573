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
 * The new messages on the reliable channels that the connection's previous node opened. They wait until the
 * unacknowledged messages of the previous node have been sent again, because the client must get the messages of a
 * channel in order. Owned by one event loop.
 *
 * <p>The wait of a channel ends when the old messages have been sent again. It ends earlier if one second has passed
 * since the channel's first new message, if the channel's new messages reach a limit in bytes, or if ten seconds have
 * passed since the client connected.
 */
final class MoveHold {
    static final long WAIT_NANOS = 1_000_000_000L;
    static final long MOVE_NANOS = 10_000_000_000L;

    /**
     * The maximum number of bytes held for one channel. It is a quarter of SCTP's send buffer for one channel, so the
     * held messages always fit into the buffer.
     */
    static final int CHANNEL_BYTES_MAX = 256 * 1024;

    /**
     * The estimated memory of a message's objects. It is added to the payload length, so that many short messages also
     * reach the limit.
     */
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

    /** Starts the ten-second limit for all channels. Called when the client has connected. */
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
     * Keeps a copy of a message. Returns false if the channel is at its limit. The caller must then call {@link
     * #release} and send the message itself.
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
