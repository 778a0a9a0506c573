package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One SCTP association over one DTLS connection (RFC 9260 over RFC 8261): checks packets, dispatches chunks, owns the life cycle between
 * CLOSED and SHUTDOWN. Setting up is {@link Handshake}'s; data goes through {@link Sender} and {@link Receiver}.
 *
 * <p>Departs from RFC 9260 §8.4 on purpose: packets out of the blue are dropped, never answered with ABORT, since during a move between
 * nodes they belong to an association that another node carries on.
 */
final class Association {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    enum State {
        CLOSED,
        COOKIE_WAIT,
        COOKIE_ECHOED,
        ESTABLISHED,
        SHUTDOWN_PENDING,
        SHUTDOWN_SENT,
        SHUTDOWN_RECEIVED,
        SHUTDOWN_ACK_SENT
    }

    /** What the association tells its owner, from inside {@link #onPacket} and {@link #onTimeout}. */
    interface Listener extends Reassembly.Sink, StreamReset.Listener {
        void onUp(int outboundStreams);

        void onRestarted(int outboundStreams);

        void onDown(AssociationDownReason reason);
    }

    private final SctpSettings settings;
    private final SctpStats stats;
    private final Listener listener;
    private final Crc32cChecksum checksum = new Crc32cChecksum();
    private final PacketWriter writer;
    private final Replies replies;
    private final RtoEstimator rto;
    private final SendQueue queue;
    private final Sender sender;
    private final Receiver receiver;
    private final StreamReset reset;
    private final Heartbeat heartbeat;
    private final Handshake handshake;
    private final RetryTimer shutdownTimer;
    private State state = State.CLOSED;
    private int localTag;
    private int peerTag;
    private boolean peerReconfig;
    private int timeoutsInRow;
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
        replies = new Replies(stats);
        rto = new RtoEstimator(settings);
        queue = new SendQueue(settings, stats);
        sender = new Sender(settings, stats, queue, rto);
        receiver = new Receiver(settings, stats, listener);
        reset = new StreamReset(settings, stats, queue, rto, listener);
        heartbeat = new Heartbeat(settings, rto);
        handshake = new Handshake(settings, stats, random, replies);
        shutdownTimer = new RetryTimer(settings);
    }

    State state() {
        return state;
    }

    int localTag() {
        return localTag;
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

    /** Whether messages and resets may be exchanged. */
    boolean isUp() {
        return state.compareTo(State.ESTABLISHED) >= 0;
    }

    void start(long now) {
        nowNanos = now;
        if (state == State.CLOSED && !isDisposed) {
            handshake.begin(now);
            localTag = handshake.localTag();
            state = State.COOKIE_WAIT;
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
        if (!isTagValid(packet)) {
            stats.drop(SctpDropReason.BAD_VERIFICATION_TAG);
            return;
        }
        boolean hasData = false;
        int end = packet.writerIndex();
        for (int chunk = SctpPacket.firstChunk(packet); chunk < end; chunk = SctpPacket.nextChunk(packet, chunk)) {
            if (!hasData && SctpPacket.chunkType(packet, chunk) == ChunkType.DATA) {
                hasData = true;
                if (isUp()) {
                    receiver.onDataPacketBegin(replies);
                }
            }
            if (!onChunk(packet, chunk) || isDisposed) {
                break;
            }
        }
        if (isUp() && !isDisposed) {
            if (hasData) {
                receiver.onDataPacketEnd(now);
            }
            reset.onCumulativeTsn(receiver.cumulativeTsn());
        }
        advanceShutdown();
    }

    void onTimeout(long now) {
        nowNanos = now;
        boolean isStrike = false;
        if (handshake.isDue(now)) {
            handshake.repeat();
            isStrike = true;
        }
        if (shutdownTimer.hasExpired(now)) {
            repeatShutdown();
            isStrike = true;
        }
        if (sender.onTimeout(now)) {
            isStrike = true;
        }
        if (heartbeat.isDue(now) && state == State.ESTABLISHED) {
            isStrike |= heartbeat.send(replies, now);
        }
        receiver.onTimeout(now);
        reset.onTimeout(now);
        if (isStrike && ++timeoutsInRow > settings.retransmissionsMax()) {
            end(AssociationDownReason.PEER_UNREACHABLE);
        }
        advanceShutdown();
    }

    long nextDeadlineNanos() {
        long earliest = Math.min(handshake.nextDeadlineNanos(), shutdownTimer.deadlineNanos());
        earliest = Math.min(earliest, Math.min(sender.nextDeadlineNanos(), receiver.nextDeadlineNanos()));
        return Math.min(earliest, Math.min(heartbeat.nextDeadlineNanos(), reset.nextDeadlineNanos()));
    }

    void drainTo(Consumer<ByteBuf> packets) {
        writer.begin(packets);
        replies.drainTo(writer);
        if (isUp()) {
            writer.useTag(peerTag);
            receiver.drainTo(writer);
            if (state == State.ESTABLISHED || state == State.SHUTDOWN_PENDING || state == State.SHUTDOWN_RECEIVED) {
                sender.drainTo(writer, nowNanos);
                reset.drainTo(writer, sender.lastAssignedTsn(), nowNanos);
            }
        }
        writer.flush();
    }

    void resetStream(int streamId, long now) {
        nowNanos = now;
        if (isUp() && !peerReconfig) {
            listener.onOutgoingReset(streamId); // The peer cannot be told; the channel ends here alone.
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
        switch (state) {
            case ESTABLISHED -> {
                state = State.SHUTDOWN_PENDING;
                heartbeat.stop();
                advanceShutdown();
            }
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> end(AssociationDownReason.SHUT_DOWN);
            case SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> {}
        }
    }

    void abort(AssociationDownReason reason, int cause) {
        boolean tellPeer = state != State.CLOSED && state != State.COOKIE_WAIT;
        int tag = peerTag;
        end(reason);
        if (tellPeer) {
            replies.useTag(tag);
            replies.reply(ChunkType.ABORT, 0, value -> value.writeShort(cause).writeShort(4));
        }
    }

    void dispose() {
        isDisposed = true;
        state = State.CLOSED;
        clear();
    }

    /** RFC 9260 §8.5.1. INIT and COOKIE ECHO are judged where they are handled. */
    private boolean isTagValid(ByteBuf packet) {
        int tag = SctpPacket.verificationTag(packet);
        int chunk = SctpPacket.firstChunk(packet);
        return switch (SctpPacket.chunkType(packet, chunk)) {
            case ChunkType.INIT -> tag == 0;
            case ChunkType.COOKIE_ECHO -> true;
            case ChunkType.ABORT, ChunkType.SHUTDOWN_COMPLETE -> {
                boolean isReflected = (SctpPacket.chunkFlags(packet, chunk) & ChunkType.FLAG_TAG_REFLECTED) != 0;
                yield state != State.CLOSED && tag == (isReflected ? peerTag : localTag);
            }
            default -> state != State.CLOSED && tag == localTag;
        };
    }

    /** False: the rest of the packet is not to be read. */
    private boolean onChunk(ByteBuf packet, int chunk) {
        int type = SctpPacket.chunkType(packet, chunk);
        switch (type) {
            case ChunkType.INIT -> onInit(packet, chunk);
            case ChunkType.INIT_ACK -> onInitAck(packet, chunk);
            case ChunkType.COOKIE_ECHO -> {
                return onCookieEcho(packet, chunk);
            }
            case ChunkType.COOKIE_ACK -> onCookieAck();
            case ChunkType.ABORT -> onAbort();
            case ChunkType.ERROR -> onError(packet, chunk);
            case ChunkType.SHUTDOWN_COMPLETE -> onShutdownComplete();
            default -> {
                if (!isUp()) {
                    stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
                    return isKnown(type) || onUnknown(packet, chunk);
                }
                return onChunkWhileUp(packet, chunk);
            }
        }
        return state != State.CLOSED;
    }

    private boolean onChunkWhileUp(ByteBuf packet, int chunk) {
        switch (SctpPacket.chunkType(packet, chunk)) {
            case ChunkType.DATA -> onData(packet, chunk);
            case ChunkType.SACK -> onSack(packet, chunk);
            case ChunkType.HEARTBEAT -> onHeartbeat(packet, chunk);
            case ChunkType.HEARTBEAT_ACK -> {
                if (heartbeat.onAck(packet, chunk, nowNanos)) {
                    timeoutsInRow = 0;
                } else {
                    stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
                }
            }
            case ChunkType.SHUTDOWN -> onShutdown(packet, chunk);
            case ChunkType.SHUTDOWN_ACK -> onShutdownAck();
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
        return state != State.CLOSED;
    }

    private static boolean isKnown(int type) {
        return type <= ChunkType.SHUTDOWN_ACK || type == ChunkType.RE_CONFIG || type == ChunkType.FORWARD_TSN;
    }

    /** RFC 9260 §3.2: the two highest bits of an unknown type say whether to go on and whether to report it. */
    private boolean onUnknown(ByteBuf packet, int chunk) {
        stats.drop(SctpDropReason.CHUNK_UNKNOWN);
        int type = SctpPacket.chunkType(packet, chunk);
        if ((type & 0x40) != 0 && isUp()) {
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

    private void onInit(ByteBuf packet, int chunk) {
        InitChunk init = InitChunk.read(packet, chunk);
        boolean isAlone =
                chunk == SctpPacket.firstChunk(packet) && SctpPacket.nextChunk(packet, chunk) >= packet.writerIndex();
        if (init == null || !isAlone) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        if (state == State.SHUTDOWN_ACK_SENT) {
            repeatShutdown(); // §9.2: first the old association has to end.
            return;
        }
        handshake.onInit(init, state, localTag, peerTag, nowNanos);
    }

    private void onInitAck(ByteBuf packet, int chunk) {
        if (state != State.COOKIE_WAIT) {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
            return;
        }
        InitChunk init = InitChunk.read(packet, chunk);
        if (init == null || !handshake.onInitAck(init, nowNanos)) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        peerTag = init.tag();
        replies.useTag(peerTag);
        handshake.sendCookie();
        timeoutsInRow = 0;
        state = State.COOKIE_ECHOED;
    }

    /** RFC 9260 §5.1.5 and, with an association in place, §5.2.4. */
    private boolean onCookieEcho(ByteBuf packet, int chunk) {
        if (chunk != SctpPacket.firstChunk(packet)) {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
            return false;
        }
        AssociationParameters cookie = handshake.openCookie(packet, chunk, nowNanos);
        if (cookie == null) {
            return false;
        }
        if (SctpPacket.verificationTag(packet) != cookie.localTag()) {
            stats.drop(SctpDropReason.BAD_VERIFICATION_TAG);
            return false;
        }
        boolean sameLocal = cookie.localTag() == localTag;
        boolean samePeer = cookie.peerTag() == peerTag;
        if (state == State.CLOSED || (!isUp() && sameLocal)) {
            establish(cookie); // New, or both sides sent INIT (actions B and D).
        } else if (sameLocal && samePeer) {
            acknowledgeCookie(); // Action D: our COOKIE ACK was lost.
        } else if (sameLocal) {
            establish(cookie); // Action B, late: the peer's other INIT of a collision won.
        } else if (cookie.tieLocalTag() == localTag && cookie.tiePeerTag() == peerTag && !samePeer) {
            if (state == State.SHUTDOWN_ACK_SENT) {
                repeatShutdown();
                return false;
            }
            establish(cookie); // Action A: the peer restarted.
        } else {
            stats.drop(SctpDropReason.COOKIE_STALE); // Action C, or nothing that the table knows: silence.
            return false;
        }
        return true;
    }

    private void acknowledgeCookie() {
        replies.reply(ChunkType.COOKIE_ACK, 0, value -> {});
    }

    private void onCookieAck() {
        AssociationParameters parameters = handshake.parameters();
        if (state != State.COOKIE_ECHOED || parameters == null) {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
            return;
        }
        enterEstablished(parameters);
    }

    private void establish(AssociationParameters cookie) {
        peerTag = cookie.peerTag();
        localTag = cookie.localTag();
        replies.useTag(peerTag);
        acknowledgeCookie();
        enterEstablished(cookie);
    }

    private void enterEstablished(AssociationParameters parameters) {
        boolean isRestart = isUp();
        handshake.end();
        shutdownTimer.stop();
        state = State.ESTABLISHED;
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

    private void onData(ByteBuf packet, int chunk) {
        if (!DataChunk.isValid(packet, chunk)) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            abort(AssociationDownReason.PROTOCOL_VIOLATION, ChunkType.CAUSE_PROTOCOL_VIOLATION);
            return;
        }
        if (state == State.SHUTDOWN_RECEIVED || state == State.SHUTDOWN_ACK_SENT) {
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
        if (state == State.SHUTDOWN_SENT) {
            receiver.requestSack();
            repeatShutdown(); // §9.2: every packet with DATA is answered with SHUTDOWN and SACK.
        }
    }

    private void onSack(ByteBuf packet, int chunk) {
        int length = SctpPacket.chunkLength(packet, chunk);
        boolean isWhole = length >= 16
                && length >= 16 + 4 * (packet.getUnsignedShort(chunk + 12) + packet.getUnsignedShort(chunk + 14));
        if (!isWhole || !sender.onSack(packet, chunk, nowNanos)) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        timeoutsInRow = 0; // Any SACK shows that the peer lives, also one that keeps the window shut (§6.1, A).
        heartbeat.onSignOfLife(nowNanos);
    }

    private void onHeartbeat(ByteBuf packet, int chunk) {
        int infoBytes = SctpPacket.chunkLength(packet, chunk) - SctpPacket.CHUNK_HEADER_BYTES;
        if (SctpPacket.HEADER_BYTES + SctpPacket.CHUNK_HEADER_BYTES + infoBytes > settings.packetBytesMax()) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED); // The echo would not fit our packets.
            return;
        }
        replies.reply(
                ChunkType.HEARTBEAT_ACK,
                0,
                value -> value.writeBytes(packet, chunk + SctpPacket.CHUNK_HEADER_BYTES, infoBytes));
    }

    private void onAbort() {
        if (state != State.CLOSED) {
            end(AssociationDownReason.ABORTED_BY_PEER);
        }
    }

    private void onError(ByteBuf packet, int chunk) {
        boolean isStaleCookie = SctpPacket.chunkLength(packet, chunk) >= 8
                && packet.getUnsignedShort(chunk + 4) == ChunkType.CAUSE_STALE_COOKIE;
        if (state == State.COOKIE_ECHOED && isStaleCookie) {
            handshake.begin(nowNanos); // §5.2.6: once more from the INIT.
            localTag = handshake.localTag();
            peerTag = 0;
            state = State.COOKIE_WAIT;
        }
    }

    private void onShutdown(ByteBuf packet, int chunk) {
        if (SctpPacket.chunkLength(packet, chunk) < 8) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        int cumulative = packet.getInt(chunk + 4);
        if (Serial.isBefore(sender.lastAssignedTsn(), cumulative)) {
            stats.drop(SctpDropReason.CHUNK_MALFORMED);
            return;
        }
        sender.onCumulativeAck(cumulative, nowNanos);
        switch (state) {
            case ESTABLISHED, SHUTDOWN_PENDING -> {
                state = State.SHUTDOWN_RECEIVED;
                heartbeat.stop();
            }
            case SHUTDOWN_SENT -> sendShutdownAck(); // Both at once (§9.2).
            case SHUTDOWN_ACK_SENT -> repeatShutdown();
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_RECEIVED -> {}
        }
    }

    private void onShutdownAck() {
        if (state == State.SHUTDOWN_SENT || state == State.SHUTDOWN_ACK_SENT) {
            int tag = peerTag;
            end(AssociationDownReason.SHUT_DOWN);
            replies.replyAlone(ChunkType.SHUTDOWN_COMPLETE, 0, tag, value -> {});
        } else {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
        }
    }

    private void onShutdownComplete() {
        if (state == State.SHUTDOWN_ACK_SENT) {
            end(AssociationDownReason.SHUT_DOWN);
        } else {
            stats.drop(SctpDropReason.CHUNK_UNEXPECTED);
        }
    }

    private void advanceShutdown() {
        if (!sender.isIdle()) {
            return;
        }
        if (state == State.SHUTDOWN_PENDING) {
            state = State.SHUTDOWN_SENT;
            sendShutdown();
            shutdownTimer.start(nowNanos);
        } else if (state == State.SHUTDOWN_RECEIVED) {
            sendShutdownAck();
        }
    }

    private void sendShutdown() {
        int cumulative = receiver.cumulativeTsn();
        replies.reply(ChunkType.SHUTDOWN, 0, value -> value.writeInt(cumulative));
    }

    private void sendShutdownAck() {
        state = State.SHUTDOWN_ACK_SENT;
        replies.reply(ChunkType.SHUTDOWN_ACK, 0, value -> {});
        shutdownTimer.start(nowNanos);
    }

    private void repeatShutdown() {
        if (state == State.SHUTDOWN_SENT) {
            sendShutdown();
        } else if (state == State.SHUTDOWN_ACK_SENT) {
            replies.reply(ChunkType.SHUTDOWN_ACK, 0, value -> {});
        }
    }

    /** Back to CLOSED. A peer that comes again with an INIT is served again, unless we were disposed of. */
    private void end(AssociationDownReason reason) {
        boolean wasOpen = state != State.CLOSED;
        state = State.CLOSED;
        clear();
        timeoutsInRow = 0;
        localTag = 0;
        peerTag = 0;
        if (wasOpen) {
            listener.onDown(reason);
        }
    }

    private void clear() {
        handshake.end();
        shutdownTimer.stop();
        heartbeat.stop();
        replies.clear();
        queue.clear();
        sender.begin(0, 0, false);
        receiver.reset(0);
        reset.stop();
    }
}
