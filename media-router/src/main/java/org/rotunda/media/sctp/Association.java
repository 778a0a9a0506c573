package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One SCTP association over one DTLS connection (RFC 9260 over RFC 8261). It checks packets, dispatches chunks, and
 * starts and stops its machines together. {@link Handshake} sets it up and {@link Shutdown} ends it; data goes through
 * {@link Sender} and {@link Receiver}.
 *
 * <p>We depart from RFC 9260 §8.4 on purpose: packets out of the blue are dropped, never answered with ABORT, because
 * during a move between nodes they belong to an association that another node carries on.
 */
final class Association {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Receives the events of the association, from inside {@link #onPacket} and {@link #onTimeout}. */
    interface Listener extends Reassembly.Sink, StreamReset.Listener {
        void onUp(int outboundStreams);

        void onRestarted(int outboundStreams);

        void onDown(AssociationDownReason reason);
    }

    private final SctpSettings settings;
    private final SctpStats stats;
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
    private boolean isUp;
    private boolean peerReconfig;
    private int timeoutsInRow; // The count covers all kinds of chunks together (RFC 9260 §8.1).
    private boolean isDisposed;
    private long nowNanos;

    Association(
            SctpSettings settings,
            SctpStats stats,
            RandomGenerator random,
            ByteBufAllocator allocator,
            Listener listener) {
        this.settings = settings;
        this.stats = stats;
        this.listener = listener;
        writer = new PacketWriter(settings, stats, allocator, checksum);
        replies = new Replies(stats, tags);
        rto = new RtoEstimator(settings);
        queue = new SendQueue(settings, stats);
        sender = new Sender(settings, stats, queue, rto);
        receiver = new Receiver(settings, stats, listener);
        reset = new StreamReset(settings, stats, queue, rto, listener);
        heartbeat = new Heartbeat(settings, rto);
        Progress progress = new Progress();
        shutdown = new Shutdown(settings, stats, tags, replies, sender, receiver, heartbeat, progress);
        handshake = new Handshake(settings, stats, random, tags, replies, shutdown, progress);
    }

    AssociationState state() {
        return isUp ? shutdown.state() : handshake.state();
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
        return isUp;
    }

    void start(long now) {
        nowNanos = now;
        if (state() == AssociationState.CLOSED && !isDisposed) {
            handshake.begin(now);
        }
    }

    void onPacket(ByteBuf packet, long now) {
        nowNanos = now;
        if (isDisposed) {
            return;
        }
        stats.packetsReceived++;
        SctpDropReason reason = SctpPacket.check(packet, settings.port(), checksum);
        if (reason != null) {
            stats.drop(reason);
            return;
        }
        if (!tags.isValid(packet)) {
            stats.drop(SctpDropReason.BAD_VERIFICATION_TAG);
            return;
        }
        boolean hasData = false;
        int end = packet.writerIndex();
        for (int chunk = SctpPacket.firstChunk(packet); chunk < end; chunk = SctpPacket.nextChunk(packet, chunk)) {
            if (!hasData && SctpPacket.chunkType(packet, chunk) == ChunkType.DATA) {
                hasData = true;
                if (isUp) {
                    receiver.onDataPacketBegin(replies);
                }
            }
            if (!onChunk(packet, chunk) || isDisposed) {
                break;
            }
        }
        if (isUp && !isDisposed) {
            if (hasData) {
                receiver.onDataPacketEnd(now);
            }
            reset.onCumulativeTsn(receiver.cumulativeTsn());
        }
        shutdown.advance(now);
    }

    void onTimeout(long now) {
        nowNanos = now;
        boolean isStrike = handshake.onTimeout(now);
        isStrike |= shutdown.onTimeout(now);
        isStrike |= sender.onTimeout(now);
        if (heartbeat.isDue(now) && state() == AssociationState.ESTABLISHED) {
            isStrike |= heartbeat.send(replies, now);
        }
        receiver.onTimeout(now);
        reset.onTimeout(now);
        if (isStrike && ++timeoutsInRow > settings.retransmissionsMax()) {
            end(AssociationDownReason.PEER_UNREACHABLE);
        }
        shutdown.advance(now);
    }

    long nextDeadlineNanos() {
        long earliest = Math.min(handshake.nextDeadlineNanos(), shutdown.nextDeadlineNanos());
        earliest = Math.min(earliest, Math.min(sender.nextDeadlineNanos(), receiver.nextDeadlineNanos()));
        return Math.min(earliest, Math.min(heartbeat.nextDeadlineNanos(), reset.nextDeadlineNanos()));
    }

    void drainTo(Consumer<ByteBuf> packets) {
        writer.begin(packets);
        replies.drainTo(writer);
        if (isUp) {
            writer.useTag(tags.peer());
            receiver.drainTo(writer);
            if (shutdown.isSending()) {
                sender.drainTo(writer, nowNanos);
                reset.drainTo(writer, sender.lastAssignedTsn(), nowNanos);
            }
        }
        writer.flush();
    }

    void resetStream(int streamId, long now) {
        nowNanos = now;
        if (isUp && !peerReconfig) {
            // The peer does not support RE-CONFIG, so the channel closes on this side only.
            listener.onOutgoingReset(streamId);
            return;
        }
        reset.request(streamId);
    }

    StreamReset streamReset() {
        return reset;
    }

    void onInput(long now) {
        nowNanos = now;
    }

    void shutdown(long now) {
        nowNanos = now;
        if (isUp) {
            shutdown.begin(now);
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
        isDisposed = true;
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
                if (!isUp) {
                    stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
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
                    stats.drop(SctpDropReason.CHUNK_MALFORMED);
                }
            }
            case ChunkType.HEARTBEAT_ACK -> {
                if (heartbeat.onAck(packet, chunk, nowNanos)) {
                    timeoutsInRow = 0;
                } else {
                    stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
                }
            }
            case ChunkType.SHUTDOWN -> shutdown.onShutdown(packet, chunk, nowNanos);
            case ChunkType.SHUTDOWN_ACK -> shutdown.onShutdownAck();
            case ChunkType.RE_CONFIG -> reset.onReconfig(packet, chunk, receiver.cumulativeTsn(), replies, nowNanos);
            case ChunkType.FORWARD_TSN -> {
                if (!receiver.onForwardTsn(packet, chunk)) {
                    stats.drop(SctpDropReason.CHUNK_MALFORMED);
                }
            }
            default -> {
                return onUnknown(packet, chunk);
            }
        }
        return isUp;
    }

    /**
     * Handles a chunk of unknown type. The type's two highest bits say whether to go on and whether to report it (RFC
     * 9260 §3.2).
     */
    private boolean onUnknown(ByteBuf packet, int chunk) {
        stats.drop(SctpDropReason.CHUNK_UNKNOWN);
        int type = SctpPacket.chunkType(packet, chunk);
        if ((type & 0x40) != 0 && isUp) {
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
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_PROTOCOL_VIOLATION);
            return;
        }
        if (!shutdown.isReceiving()) {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
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
                stats.drop(SctpDropReason.CHUNK_MALFORMED);
                abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_NO_USER_DATA);
            }
            case OUT_OF_RESOURCE -> abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_OUT_OF_RESOURCE);
        }
        shutdown.onData();
    }

    private void onSack(ByteBuf packet, int chunk) {
        if (!SackChunk.isValid(packet, chunk) || !sender.onSack(packet, chunk, nowNanos)) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        timeoutsInRow = 0; // Any SACK shows that the peer lives, even one that keeps the window closed (§6.1, A).
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
        isUp = false;
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
            boolean isRestart = isUp;
            isUp = true;
            shutdown.reset();
            timeoutsInRow = 0;
            peerReconfig = parameters.peerReconfig();
            sender.begin(parameters.localInitialTsn(), parameters.peerWindowBytes(), parameters.peerForwardTsn());
            receiver.reset(parameters.peerInitialTsn());
            reset.begin(parameters.localInitialTsn(), parameters.peerInitialTsn());
            heartbeat.start(nowNanos);
            int outboundStreams = Math.min(settings.streams(), parameters.peerInboundStreams());
            if (isRestart) {
                stats.restarts++;
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
