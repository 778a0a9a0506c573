package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;

/**
 * The graceful end of an association that is up, begun by either side or both (RFC 9260 §9.2): first everything queued is delivered, then
 * SHUTDOWN and SHUTDOWN ACK are repeated on T2-shutdown until answered. An association nobody ends stays ESTABLISHED here.
 */
final class Shutdown {

    interface Listener {
        /** Both sides are done. What still waits to be sent is to be forgotten; a last answer may follow this call. */
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

    /** A new, restarted or ended association. */
    void reset() {
        state = AssociationState.ESTABLISHED;
        timer.stop();
    }

    /** ESTABLISHED or one of the four SHUTDOWN states; meaningless while the association is not up. */
    AssociationState state() {
        return state;
    }

    /** Whether DATA may still leave: we have not said that we are done. */
    boolean isSending() {
        return state == AssociationState.ESTABLISHED
                || state == AssociationState.SHUTDOWN_PENDING
                || state == AssociationState.SHUTDOWN_RECEIVED;
    }

    /** Whether DATA may still come: the peer has not said that it is done. */
    boolean isReceiving() {
        return state != AssociationState.SHUTDOWN_RECEIVED && state != AssociationState.SHUTDOWN_ACK_SENT;
    }

    /** Our side wants to end. */
    void begin(long nowNanos) {
        if (state == AssociationState.ESTABLISHED) {
            state = AssociationState.SHUTDOWN_PENDING;
            heartbeat.stop();
            advance(nowNanos);
        }
    }

    /** After every input: goes on when the last message is acknowledged. */
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

    /** True if T2-shutdown expired: the association counts such time-outs. */
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

    /** DATA came: a peer that has our SHUTDOWN already gets it again with a SACK, for every packet. */
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
            case SHUTDOWN_SENT -> sendShutdownAck(nowNanos); // Both at once.
            case SHUTDOWN_ACK_SENT -> repeat();
            default -> {} // SHUTDOWN_RECEIVED: the peer repeats itself while we still send.
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

    /** Says again what the peer has not answered. */
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
