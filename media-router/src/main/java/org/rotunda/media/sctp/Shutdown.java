package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * The graceful shutdown of an association, begun by either side or by both (RFC 9260 §9.2). All queued messages are
 * delivered first. SHUTDOWN and SHUTDOWN ACK are repeated on T2-shutdown until they are answered.
 */
final class Shutdown {

    interface Listener {
        /**
         * Called when the shutdown is complete. The listener discards all unsent chunks. SHUTDOWN COMPLETE may be
         * queued after this call.
         */
        void onShutDown();
    }

    private final SctpStatistics statistics;
    private final VerificationTags tags;
    private final Replies replies;
    private final Sender sender;
    private final Receiver receiver;
    private final Heartbeat heartbeat;
    private final Listener listener;
    private final RetryTimer timer;
    private AssociationState state = AssociationState.ESTABLISHED;

    Shutdown(
            SctpSettings settings,
            SctpStatistics statistics,
            VerificationTags tags,
            Replies replies,
            Sender sender,
            Receiver receiver,
            Heartbeat heartbeat,
            Listener listener) {
        this.statistics = statistics;
        this.tags = tags;
        this.replies = replies;
        this.sender = sender;
        this.receiver = receiver;
        this.heartbeat = heartbeat;
        this.listener = listener;
        this.timer = new RetryTimer(settings);
    }

    /** Returns to the initial state, for a new, restarted or ended association. */
    void reset() {
        state = AssociationState.ESTABLISHED;
        timer.stop();
    }

    /**
     * Returns ESTABLISHED or one of the four SHUTDOWN states. The value has no meaning while the association is not up.
     */
    AssociationState state() {
        return state;
    }

    /** Returns whether DATA may still be sent: we have not sent SHUTDOWN or SHUTDOWN ACK. */
    boolean isSending() {
        return state == AssociationState.ESTABLISHED
                || state == AssociationState.SHUTDOWN_PENDING
                || state == AssociationState.SHUTDOWN_RECEIVED;
    }

    /** Returns whether DATA may still arrive: the peer has not sent SHUTDOWN. */
    boolean isReceiving() {
        return state != AssociationState.SHUTDOWN_RECEIVED && state != AssociationState.SHUTDOWN_ACK_SENT;
    }

    /** Begins the shutdown on our side. */
    void begin(long nowNanos) {
        if (state == AssociationState.ESTABLISHED) {
            state = AssociationState.SHUTDOWN_PENDING;
            heartbeat.stop();
            advance(nowNanos);
        }
    }

    /** Sends SHUTDOWN or SHUTDOWN ACK once all messages are acknowledged. Must be called after every input. */
    void advance(long nowNanos) {
        if (!sender.isIdle()) {
            return;
        }
        if (state == AssociationState.SHUTDOWN_PENDING) {
            state = AssociationState.SHUTDOWN_SENT;
            sendShutdown();
            timer.start(nowNanos);
        } else if (state == AssociationState.SHUTDOWN_RECEIVED) {
            sendShutdownAck(nowNanos);
        }
    }

    /**
     * Repeats the last message if T2-shutdown expired. Returns whether T2-shutdown expired; the association counts the
     * time-outs.
     */
    boolean onTimeout(long nowNanos) {
        if (!timer.hasExpired(nowNanos)) {
            return false;
        }
        repeat();
        return true;
    }

    long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    /** Handles DATA that arrives after our SHUTDOWN: the peer gets a SACK and the SHUTDOWN again. */
    void onData() {
        if (state == AssociationState.SHUTDOWN_SENT) {
            receiver.requestSack();
            repeat();
        }
    }

    void onShutdown(ByteBuf packet, int chunk, long nowNanos) {
        if (SctpPacket.chunkLength(packet, chunk) < 8) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            return;
        }
        int cumulative = packet.getInt(chunk + 4);
        if (Serial.isBefore(sender.lastAssignedTsn(), cumulative)) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            return;
        }
        sender.onCumulativeAck(cumulative, nowNanos);
        switch (state) {
            case ESTABLISHED, SHUTDOWN_PENDING -> {
                state = AssociationState.SHUTDOWN_RECEIVED;
                heartbeat.stop();
            }
            case SHUTDOWN_SENT -> sendShutdownAck(nowNanos); // Both sides shut down at once.
            case SHUTDOWN_ACK_SENT -> repeat();
            default -> {} // The peer may repeat its SHUTDOWN while we still send DATA.
        }
    }

    void onShutdownAck() {
        if (state != AssociationState.SHUTDOWN_SENT && state != AssociationState.SHUTDOWN_ACK_SENT) {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
            return;
        }
        int peerTag = tags.peer();
        listener.onShutDown();
        replies.replyAlone(ChunkType.SHUTDOWN_COMPLETE, 0, peerTag, value -> {});
    }

    void onShutdownComplete() {
        if (state == AssociationState.SHUTDOWN_ACK_SENT) {
            listener.onShutDown();
        } else {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
        }
    }

    /** Repeats the SHUTDOWN or SHUTDOWN ACK that the peer has not answered. */
    void repeat() {
        if (state == AssociationState.SHUTDOWN_SENT) {
            sendShutdown();
        } else if (state == AssociationState.SHUTDOWN_ACK_SENT) {
            replies.reply(ChunkType.SHUTDOWN_ACK, 0, value -> {});
        }
    }

    private void sendShutdown() {
        int cumulative = receiver.cumulativeTsn();
        replies.reply(ChunkType.SHUTDOWN, 0, value -> value.writeInt(cumulative));
    }

    private void sendShutdownAck(long nowNanos) {
        state = AssociationState.SHUTDOWN_ACK_SENT;
        replies.reply(ChunkType.SHUTDOWN_ACK, 0, value -> {});
        timer.start(nowNanos);
    }
}
