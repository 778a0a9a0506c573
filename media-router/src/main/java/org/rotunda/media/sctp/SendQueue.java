package org.rotunda.media.sctp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be fragmented into DATA chunks. The streams take turns. A turn lasts for one whole message,
 * because we do not use interleaving (I-DATA). The settings bound the queue per stream and in total.
 */
final class SendQueue {
    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final TreeMap<Integer, OutgoingStream> streams = new TreeMap<>();
    private final ArrayDeque<OutgoingStream> scheduled = new ArrayDeque<>();
    private final BitSet paused = new BitSet(); // The peer has not answered the reset of these streams.
    private int bufferedBytes;

    SendQueue(SctpSettings settings, SctpStatistics statistics) {
        this.settings = settings;
        this.statistics = statistics;
    }

    /**
     * Queues a message without copying the payload. Returns false, and counts a drop, if the buffer of the stream or
     * the buffer of all streams is full.
     */
    boolean offer(
            int streamId, int protocol, byte[] payload, boolean unordered, int retransmitsMax, long expiresAtNanos) {
        OutgoingStream stream = streams.computeIfAbsent(streamId, OutgoingStream::new);
        OutgoingMessage message =
                new OutgoingMessage(stream, protocol, payload, unordered, retransmitsMax, expiresAtNanos);
        int charged = message.chargedBytes();
        if (stream.bufferedBytes + charged > settings.channelSendBufferBytesMax()
                || bufferedBytes + charged > settings.sendBufferBytesMax()) {
            statistics.drop(SctpDrop.SEND_BUFFER_FULL);
            return false;
        }
        stream.unsent.add(message);
        stream.unconfirmed.add(message);
        stream.bufferedBytes += charged;
        bufferedBytes += charged;
        schedule(stream);
        return true;
    }

    int bufferedBytes() {
        return bufferedBytes;
    }

    int bufferedBytes(int streamId) {
        OutgoingStream stream = streams.get(streamId);
        return stream == null ? 0 : stream.bufferedBytes;
    }

    boolean isEmpty() {
        return scheduled.isEmpty();
    }

    /** Returns whether all messages of the stream were sent, so that the stream may be reset. */
    boolean isSent(int streamId) {
        OutgoingStream stream = streams.get(streamId);
        return stream == null || stream.unsent.isEmpty();
    }

    /**
     * Returns the message whose next fragment is to be sent, or null. Gives up expired messages of which nothing was
     * sent.
     */
    @Nullable
    OutgoingMessage peek(long nowNanos) {
        while (!scheduled.isEmpty()) {
            OutgoingStream stream = scheduled.getFirst();
            OutgoingMessage message = stream.unsent.getFirst();
            if (message.sentBytes > 0 || nowNanos < message.expiresAtNanos) {
                return message;
            }
            stream.unsent.removeFirst();
            message.abandoned = true;
            statistics.drop(SctpDrop.SEND_ABANDONED);
            settle(stream);
            rotate(stream);
        }
        return null;
    }

    /** Notes that one fragment of the message from {@link #peek} was sent. */
    void advance(OutgoingMessage message, int fragmentBytes) {
        OutgoingStream stream = message.stream;
        if (message.sentBytes == 0 && !message.unordered) {
            message.ssn = stream.nextSsn;
            stream.nextSsn = (stream.nextSsn + 1) & 0xFFFF;
        }
        message.sentBytes += fragmentBytes;
        if (message.sentBytes == message.payload.length) {
            stream.unsent.removeFirst();
            rotate(stream);
        }
    }

    /**
     * Gives up a message. Its unsent fragments are not sent any more; the caller handles the fragments in flight.
     * Returns whether there were unsent fragments.
     */
    boolean abandon(OutgoingMessage message) {
        message.abandoned = true;
        statistics.drop(SctpDrop.SEND_ABANDONED);
        OutgoingStream stream = message.stream;
        boolean hadRest = message.sentBytes < message.payload.length;
        if (hadRest) {
            stream.unsent.removeFirst(); // Only the first message of a stream can be partly sent.
            rotate(stream);
        }
        settle(stream);
        return hadRest;
    }

    /** Removes confirmed and abandoned messages from the head of the stream, and frees their buffer space. */
    void settle(OutgoingStream stream) {
        while (!stream.unconfirmed.isEmpty() && stream.unconfirmed.getFirst().isDone()) {
            int charged = stream.unconfirmed.removeFirst().chargedBytes();
            stream.bufferedBytes -= charged;
            bufferedBytes -= charged;
        }
    }

    /** Drops the messages of which nothing was sent. A partly sent message is still completed. */
    void dropUnsent(int streamId) {
        OutgoingStream stream = streams.get(streamId);
        if (stream == null) {
            return;
        }
        for (OutgoingMessage message : stream.unsent) {
            if (message.sentBytes == 0) {
                message.abandoned = true;
                statistics.drop(SctpDrop.SEND_ABANDONED);
            }
        }
        stream.unsent.removeIf(message -> message.abandoned);
        if (stream.scheduled && stream.unsent.isEmpty()) {
            scheduled.remove(stream);
            stream.scheduled = false;
        }
        settle(stream);
    }

    /**
     * Pauses a stream during its reset. A message sent during the reset would get a sequence number from before the
     * reset.
     */
    void pause(int streamId) {
        paused.set(streamId);
    }

    /** Ends the pause after the peer has answered the reset. The next message has sequence number 0. */
    void resetStream(int streamId) {
        paused.clear(streamId);
        OutgoingStream stream = streams.get(streamId);
        if (stream != null) {
            stream.nextSsn = 0;
            if (stream.unconfirmed.isEmpty()) {
                streams.remove(streamId);
            }
            schedule(stream);
        }
    }

    /**
     * Returns the messages that the peer's application may lack. A confirmed ordered message may be among them, because
     * the peer may hold it until an earlier message arrives.
     */
    List<OutgoingMessage> undelivered(int streamId) {
        List<OutgoingMessage> messages = new ArrayList<>();
        OutgoingStream stream = streams.get(streamId);
        if (stream != null) {
            for (OutgoingMessage message : stream.unconfirmed) {
                if (isUndelivered(message)) {
                    messages.add(message);
                }
            }
        }
        return messages;
    }

    /**
     * Returns whether the peer's application may lack the message. A confirmed unordered message was delivered, but a
     * confirmed ordered message may wait for an earlier message.
     */
    private static boolean isUndelivered(OutgoingMessage message) {
        return !message.abandoned && !(message.unordered && message.isDone());
    }

    /**
     * Starts over for a new or restarted association: all undelivered messages are sent again. This counts as a
     * retransmission, so a partly sent message that permits no retransmission is given up.
     */
    void restart() {
        scheduled.clear();
        paused.clear();
        for (OutgoingStream stream : streams.values()) {
            stream.scheduled = false;
            stream.nextSsn = 0;
            stream.unsent.clear();
            for (OutgoingMessage message : stream.unconfirmed) {
                if (message.sentBytes > 0 && message.retransmitsMax == 0 && !message.isDone()) {
                    message.abandoned = true;
                    statistics.drop(SctpDrop.SEND_ABANDONED);
                }
                if (isUndelivered(message)) {
                    message.sentBytes = 0;
                    message.ackedBytes = 0;
                    stream.unsent.add(message);
                }
            }
            settle(stream);
            schedule(stream);
        }
    }

    void clear() {
        streams.clear();
        paused.clear();
        scheduled.clear();
        bufferedBytes = 0;
    }

    private void schedule(OutgoingStream stream) {
        if (!stream.scheduled && !stream.unsent.isEmpty() && !paused.get(stream.streamId)) {
            scheduled.addLast(stream);
            stream.scheduled = true;
        }
    }

    /** Moves the stream to the end of the queue after its first message has left. */
    private void rotate(OutgoingStream stream) {
        scheduled.remove(stream); // The stream is at or near the front, so the removal is cheap.
        stream.scheduled = false;
        schedule(stream);
    }
}
