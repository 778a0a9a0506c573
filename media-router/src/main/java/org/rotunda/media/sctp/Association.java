package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One SCTP association over one DTLS connection (RFC 9260 over RFC 8261). The association checks packets and passes
 * each chunk to the class that handles it. {@link Handshake} sets the association up, {@link Sender} and {@link
 * Receiver} carry data, and {@link Shutdown} ends the association.
 *
 * <p>We depart from RFC 9260 §8.4 on purpose: a packet out of the blue is dropped and never answered with ABORT. While
 * a client moves between nodes, such a packet may belong to the client's association with another node.
 */
final class Association {
    /** Receives the events of the association, from inside {@link #onPacket} and {@link #onTimeout}. */
    interface Listener extends Reassembly.Sink, StreamReset.Listener {
        void onUp(int outboundStreams);

        void onRestarted(int outboundStreams);

        void onDown(AssociationDownReason reason);
    }

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final Listener listener;
    private final Crc32cChecksum checksum = new Crc32cChecksum();
    private final VerificationTags tags = new VerificationTags();
    private final PacketWriter writer;
    private final Replies replies;
    private final RtoEstimator rto;
    private final SendQueue queue;
    private final Sender sender;
    private final Receiver receiver;
    private final StreamReset reset;
    private final Heartbeat heartbeat;
    private final Shutdown shutdown;
    private final Handshake handshake;
    private boolean up;
    private boolean peerReconfig;
    private int timeoutsInRow; // Counts the time-outs of all chunk types (RFC 9260 §8.1).
    private boolean disposed;
    private long nowNanos;

    Association(
            SctpSettings settings,
            SctpStatistics statistics,
            RandomGenerator random,
            ByteBufAllocator allocator,
            Listener listener) {
        this.settings = settings;
        this.statistics = statistics;
        this.listener = listener;
        writer = new PacketWriter(settings, statistics, allocator, checksum);
        replies = new Replies(statistics, tags);
        rto = new RtoEstimator(settings);
        queue = new SendQueue(settings, statistics);
        sender = new Sender(settings, statistics, queue, rto);
        receiver = new Receiver(settings, statistics, listener);
        reset = new StreamReset(settings, statistics, queue, rto, listener);
        heartbeat = new Heartbeat(settings, rto);
        Progress progress = new Progress();
        shutdown = new Shutdown(settings, statistics, tags, replies, sender, receiver, heartbeat, progress);
        handshake = new Handshake(settings, statistics, random, tags, replies, shutdown, progress);
    }

    AssociationState state() {
        return up ? shutdown.state() : handshake.state();
    }

    int localTag() {
        return tags.local();
    }

    SendQueue queue() {
        return queue;
    }

    Receiver receiver() {
        return receiver;
    }

    Sender sender() {
        return sender;
    }

    /** Returns whether messages and resets may be exchanged. */
    boolean isUp() {
        return up;
    }

    void start(long nowNanos) {
        this.nowNanos = nowNanos;
        if (state() == AssociationState.CLOSED && !disposed) {
            handshake.begin(nowNanos);
        }
    }

    void onPacket(ByteBuf packet, long nowNanos) {
        this.nowNanos = nowNanos;
        if (disposed) {
            return;
        }
        statistics.packetsReceived++;
        SctpDrop reason = SctpPacket.check(packet, settings.port(), checksum);
        if (reason != null) {
            statistics.drop(reason);
            return;
        }
        if (!tags.isValid(packet)) {
            statistics.drop(SctpDrop.BAD_VERIFICATION_TAG);
            return;
        }
        boolean hasData = false;
        int end = packet.writerIndex();
        for (int chunk = SctpPacket.firstChunk(packet); chunk < end; chunk = SctpPacket.nextChunk(packet, chunk)) {
            if (!hasData && SctpPacket.chunkType(packet, chunk) == ChunkType.DATA) {
                hasData = true;
                if (up) {
                    receiver.onDataPacketBegin(replies);
                }
            }
            if (!onChunk(packet, chunk) || disposed) {
                break;
            }
        }
        if (up && !disposed) {
            if (hasData) {
                receiver.onDataPacketEnd(nowNanos);
            }
            reset.onCumulativeTsn(receiver.cumulativeTsn());
        }
        shutdown.advance(nowNanos);
    }

    void onTimeout(long nowNanos) {
        this.nowNanos = nowNanos;
        boolean isStrike = handshake.onTimeout(nowNanos);
        isStrike |= shutdown.onTimeout(nowNanos);
        isStrike |= sender.onTimeout(nowNanos);
        if (heartbeat.isDue(nowNanos) && state() == AssociationState.ESTABLISHED) {
            isStrike |= heartbeat.send(replies, nowNanos);
        }
        receiver.onTimeout(nowNanos);
        reset.onTimeout(nowNanos);
        if (isStrike && ++timeoutsInRow > settings.retransmissionsMax()) {
            end(AssociationDownReason.PEER_UNREACHABLE);
        }
        shutdown.advance(nowNanos);
    }

    long nextDeadlineNanos() {
        long earliest = Math.min(handshake.nextDeadlineNanos(), shutdown.nextDeadlineNanos());
        earliest = Math.min(earliest, Math.min(sender.nextDeadlineNanos(), receiver.nextDeadlineNanos()));
        return Math.min(earliest, Math.min(heartbeat.nextDeadlineNanos(), reset.nextDeadlineNanos()));
    }

    void drainTo(Consumer<ByteBuf> packets) {
        writer.begin(packets);
        replies.drainTo(writer);
        if (up) {
            writer.useTag(tags.peer());
            receiver.drainTo(writer);
            if (shutdown.isSending()) {
                sender.drainTo(writer, nowNanos);
                reset.drainTo(writer, sender.lastAssignedTsn(), nowNanos);
            }
        }
        writer.flush();
    }

    void resetStream(int streamId, long nowNanos) {
        this.nowNanos = nowNanos;
        if (up && !peerReconfig) {
            // The peer does not support RE-CONFIG, so the channel closes on this side only.
            listener.onOutgoingReset(streamId);
            return;
        }
        reset.request(streamId);
    }

    StreamReset streamReset() {
        return reset;
    }

    void onInput(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    void shutdown(long nowNanos) {
        this.nowNanos = nowNanos;
        if (up) {
            shutdown.begin(nowNanos);
        } else {
            end(AssociationDownReason.SHUT_DOWN);
        }
    }

    void abort(AssociationDownReason reason, int cause) {
        AssociationState state = state();
        boolean tellPeer = state != AssociationState.CLOSED && state != AssociationState.COOKIE_WAIT;
        int peerTag = tags.peer();
        end(reason);
        if (tellPeer) {
            replies.replyWithTag(
                    ChunkType.ABORT, peerTag, value -> value.writeShort(cause).writeShort(4));
        }
    }

    void dispose() {
        disposed = true;
        clear();
    }

    /** Handles one chunk. Returns false if the rest of the packet must not be read. */
    private boolean onChunk(ByteBuf packet, int chunk) {
        int type = SctpPacket.chunkType(packet, chunk);
        switch (type) {
            case ChunkType.INIT -> handshake.onInit(packet, chunk, state(), nowNanos);
            case ChunkType.INIT_ACK -> {
                if (handshake.onInitAck(packet, chunk, nowNanos)) {
                    timeoutsInRow = 0;
                }
            }
            case ChunkType.COOKIE_ECHO -> {
                return handshake.onCookieEcho(packet, chunk, state(), nowNanos);
            }
            case ChunkType.COOKIE_ACK -> handshake.onCookieAck();
            case ChunkType.ABORT -> end(AssociationDownReason.ABORTED_BY_PEER);
            case ChunkType.ERROR -> handshake.onError(packet, chunk, nowNanos);
            case ChunkType.SHUTDOWN_COMPLETE -> shutdown.onShutdownComplete();
            default -> {
                if (!up) {
                    statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
                    return ChunkType.isKnown(type) || onUnknown(packet, chunk);
                }
                return onChunkWhileUp(packet, chunk);
            }
        }
        return state() != AssociationState.CLOSED;
    }

    private boolean onChunkWhileUp(ByteBuf packet, int chunk) {
        switch (SctpPacket.chunkType(packet, chunk)) {
            case ChunkType.DATA -> onData(packet, chunk);
            case ChunkType.SACK -> onSack(packet, chunk);
            case ChunkType.HEARTBEAT -> {
                if (!heartbeat.answer(packet, chunk, replies)) {
                    statistics.drop(SctpDrop.CHUNK_MALFORMED);
                }
            }
            case ChunkType.HEARTBEAT_ACK -> {
                if (heartbeat.onAck(packet, chunk, nowNanos)) {
                    timeoutsInRow = 0;
                } else {
                    statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
                }
            }
            case ChunkType.SHUTDOWN -> shutdown.onShutdown(packet, chunk, nowNanos);
            case ChunkType.SHUTDOWN_ACK -> shutdown.onShutdownAck();
            case ChunkType.RE_CONFIG -> reset.onReconfig(packet, chunk, receiver.cumulativeTsn(), replies, nowNanos);
            case ChunkType.FORWARD_TSN -> {
                if (!receiver.onForwardTsn(packet, chunk)) {
                    statistics.drop(SctpDrop.CHUNK_MALFORMED);
                }
            }
            default -> {
                return onUnknown(packet, chunk);
            }
        }
        return up;
    }

    /**
     * Handles a chunk of unknown type. The two highest bits of the type decide whether to read on and whether to report
     * the chunk (RFC 9260 §3.2).
     */
    private boolean onUnknown(ByteBuf packet, int chunk) {
        statistics.drop(SctpDrop.CHUNK_UNKNOWN);
        int type = SctpPacket.chunkType(packet, chunk);
        if ((type & 0x40) != 0 && up) {
            int echoed = Math.min(SctpPacket.chunkLength(packet, chunk), 64);
            replies.reply(
                    ChunkType.ERROR,
                    0,
                    value -> value.writeShort(ChunkType.CAUSE_UNRECOGNIZED_CHUNK)
                            .writeShort(4 + echoed)
                            .writeBytes(packet, chunk, echoed));
        }
        return (type & 0x80) != 0;
    }

    private void onData(ByteBuf packet, int chunk) {
        if (!DataChunk.isValid(packet, chunk)) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_PROTOCOL_VIOLATION);
            return;
        }
        if (!shutdown.isReceiving()) {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
            return;
        }
        switch (receiver.onData(packet, chunk)) {
            case HANDLED -> {}
            case INVALID_STREAM ->
                replies.reply(
                        ChunkType.ERROR,
                        0,
                        value -> value.writeShort(ChunkType.CAUSE_INVALID_STREAM)
                                .writeShort(8)
                                .writeShort(DataChunk.streamId(packet, chunk))
                                .writeShort(0));
            case NO_USER_DATA -> {
                statistics.drop(SctpDrop.CHUNK_MALFORMED);
                abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_NO_USER_DATA);
            }
            case OUT_OF_RESOURCE -> abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_OUT_OF_RESOURCE);
        }
        shutdown.onData();
    }

    private void onSack(ByteBuf packet, int chunk) {
        if (!SackChunk.isValid(packet, chunk) || !sender.onSack(packet, chunk, nowNanos)) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            return;
        }
        timeoutsInRow = 0; // Any SACK shows that the peer is alive, even a SACK with a zero window (§6.1, A).
        heartbeat.onSignOfLife(nowNanos);
    }

    /** Returns to CLOSED. A later INIT of the peer is answered again, unless the association was disposed of. */
    private void end(AssociationDownReason reason) {
        boolean wasOpen = state() != AssociationState.CLOSED;
        clear();
        timeoutsInRow = 0;
        if (wasOpen) {
            listener.onDown(reason);
        }
    }

    private void clear() {
        up = false;
        handshake.end();
        shutdown.reset();
        tags.clear();
        heartbeat.stop();
        replies.clear();
        queue.clear();
        sender.begin(0, 0, false);
        receiver.reset(0);
        reset.stop();
    }

    /** Follows the progress of handshake and shutdown. */
    private final class Progress implements Handshake.Listener, Shutdown.Listener {
        @Override
        public void onEstablished(AssociationParameters parameters) {
            boolean isRestart = up;
            up = true;
            shutdown.reset();
            timeoutsInRow = 0;
            peerReconfig = parameters.peerReconfig();
            sender.begin(parameters.localInitialTsn(), parameters.peerWindowBytes(), parameters.peerForwardTsn());
            receiver.reset(parameters.peerInitialTsn());
            reset.begin(parameters.localInitialTsn(), parameters.peerInitialTsn());
            heartbeat.start(nowNanos);
            int outboundStreams = Math.min(settings.streams(), parameters.peerInboundStreams());
            if (isRestart) {
                statistics.restarts++;
                listener.onRestarted(outboundStreams);
            } else {
                listener.onUp(outboundStreams);
            }
        }

        @Override
        public void onShutDown() {
            end(AssociationDownReason.SHUT_DOWN);
        }
    }
}
