package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The four-way handshake in both roles at once (RFC 9260 §5.1, §5.2). It sends our INIT and COOKIE ECHO with their
 * timers. It answers the peer's INIT and COOKIE ECHO in every state, also after a collision or a restart. An answered
 * INIT leaves no state here, because the cookie carries the state.
 */
final class Handshake {
    private static final byte[] NOTHING = {};

    interface Listener {
        /**
         * Called when the handshake is complete and the tags are set. If the association was up already, the peer has
         * restarted it.
         */
        void onEstablished(AssociationParameters parameters);
    }

    private final SctpSettings settings;
    private final SctpStatistics statistics;
    private final RandomGenerator random;
    private final VerificationTags tags;
    private final Replies replies;
    private final Shutdown shutdown;
    private final Listener listener;
    private final StateCookie cookies;
    private final RetryTimer timer;
    private AssociationState state = AssociationState.CLOSED;
    private int localInitialTsn;
    private byte @Nullable [] peerCookie;
    private @Nullable AssociationParameters parameters; // These parameters come from the INIT ACK.

    Handshake(
            SctpSettings settings,
            SctpStatistics statistics,
            RandomGenerator random,
            VerificationTags tags,
            Replies replies,
            Shutdown shutdown,
            Listener listener) {
        this.settings = settings;
        this.statistics = statistics;
        this.random = random;
        this.tags = tags;
        this.replies = replies;
        this.shutdown = shutdown;
        this.listener = listener;
        this.cookies = new StateCookie(random);
        this.timer = new RetryTimer(settings);
    }

    /** Sends our INIT. */
    void begin(long nowNanos) {
        tags.set(randomTag(), 0);
        localInitialTsn = random.nextInt();
        peerCookie = null;
        parameters = null;
        state = AssociationState.COOKIE_WAIT;
        sendInit();
        timer.start(nowNanos);
    }

    void end() {
        timer.stop();
        peerCookie = null;
        parameters = null;
        state = AssociationState.CLOSED;
    }

    /** Returns COOKIE_WAIT or COOKIE_ECHOED during a handshake that we began, else CLOSED. */
    AssociationState state() {
        return state;
    }

    /** Repeats the last message if T1 expired. Returns whether T1 expired; the association counts the time-outs. */
    boolean onTimeout(long nowNanos) {
        if (!timer.hasExpired(nowNanos)) {
            return false;
        }
        if (peerCookie == null) {
            sendInit();
        } else {
            sendCookie();
        }
        return true;
    }

    long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    /**
     * Answers an INIT with INIT ACK. During our own handshake, the INIT ACK has the tag and TSN of our INIT (§5.2.1).
     * Otherwise tag and TSN are fresh. If there is an association, or if we have sent COOKIE ECHO, our tag and the
     * peer's tag go into the cookie as tie tags (§5.2.2).
     *
     * @param association the state of the whole association
     */
    void onInit(ByteBuf packet, int chunk, AssociationState association, long nowNanos) {
        InitChunk init = InitChunk.read(packet, chunk);
        boolean isAlone =
                chunk == SctpPacket.firstChunk(packet) && SctpPacket.nextChunk(packet, chunk) >= packet.writerIndex();
        if (init == null || !isAlone) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            return;
        }
        if (association == AssociationState.SHUTDOWN_ACK_SENT) {
            shutdown.repeat(); // The old association has to end first (§9.2).
            return;
        }
        boolean isCollision = state != AssociationState.CLOSED;
        boolean hasTies = state == AssociationState.COOKIE_ECHOED || association.isUp();
        int tag = isCollision ? tags.local() : randomTag();
        int initialTsn = isCollision ? localInitialTsn : random.nextInt();
        byte[] cookie = cookies.seal(
                new AssociationParameters(
                        tag,
                        init.tag(),
                        initialTsn,
                        init.initialTsn(),
                        init.windowBytes(),
                        init.inboundStreams(),
                        init.forwardTsn(),
                        init.reconfig(),
                        hasTies ? tags.local() : 0,
                        hasTies ? tags.peer() : 0),
                nowNanos);
        replies.replyAlone(
                ChunkType.INIT_ACK,
                0,
                init.tag(),
                value -> InitChunk.write(value, settings, tag, initialTsn, cookie, init.unrecognized()));
    }

    /**
     * Handles an INIT ACK. Returns whether the handshake advanced. The chunk must contain a cookie that fits in one of
     * our packets.
     */
    boolean onInitAck(ByteBuf packet, int chunk, long nowNanos) {
        if (state != AssociationState.COOKIE_WAIT) {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
            return false;
        }
        InitChunk init = InitChunk.read(packet, chunk);
        byte[] cookie = init == null ? null : init.cookie();
        if (init == null
                || cookie == null
                || SctpPacket.HEADER_BYTES + SctpPacket.CHUNK_HEADER_BYTES + SctpPacket.padded(cookie.length)
                        > settings.packetBytesMax()) {
            statistics.drop(SctpDrop.CHUNK_MALFORMED);
            return false;
        }
        peerCookie = cookie;
        parameters = new AssociationParameters(
                tags.local(),
                init.tag(),
                localInitialTsn,
                init.initialTsn(),
                init.windowBytes(),
                init.inboundStreams(),
                init.forwardTsn(),
                init.reconfig(),
                0,
                0);
        tags.set(tags.local(), init.tag());
        state = AssociationState.COOKIE_ECHOED;
        sendCookie();
        timer.start(nowNanos);
        return true;
    }

    /**
     * Handles a COOKIE ECHO (RFC 9260 §5.1.5 and, if there is an association, §5.2.4).
     *
     * @param association the state of the whole association
     * @return false if the rest of the packet must not be read
     */
    boolean onCookieEcho(ByteBuf packet, int chunk, AssociationState association, long nowNanos) {
        if (chunk != SctpPacket.firstChunk(packet)) {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
            return false;
        }
        AssociationParameters cookie = openCookie(packet, chunk, nowNanos);
        if (cookie == null) {
            return false;
        }
        if (SctpPacket.verificationTag(packet) != cookie.localTag()) {
            statistics.drop(SctpDrop.BAD_VERIFICATION_TAG);
            return false;
        }
        boolean sameLocal = cookie.localTag() == tags.local();
        boolean samePeer = cookie.peerTag() == tags.peer();
        if (association == AssociationState.CLOSED || (!association.isUp() && sameLocal)) {
            // The association is not up yet: it is new, or both sides sent INIT (actions B and D of §5.2.4).
            establish(cookie);
        } else if (sameLocal && samePeer) {
            acknowledgeCookie(); // Action D: our COOKIE ACK was lost.
        } else if (sameLocal) {
            establish(cookie); // Action B: both sides sent INIT, and the peer has a new tag.
        } else if (cookie.tieLocalTag() == tags.local() && cookie.tiePeerTag() == tags.peer() && !samePeer) {
            if (association == AssociationState.SHUTDOWN_ACK_SENT) {
                shutdown.repeat();
                return false;
            }
            establish(cookie); // Action A: the peer restarted.
        } else {
            statistics.drop(SctpDrop.COOKIE_STALE); // Action C of §5.2.4, and all other cases: no answer.
            return false;
        }
        return true;
    }

    void onCookieAck() {
        AssociationParameters settled = parameters;
        if (state != AssociationState.COOKIE_ECHOED || settled == null) {
            statistics.drop(SctpDrop.CHUNK_UNEXPECTED);
            return;
        }
        end();
        listener.onEstablished(settled);
    }

    /**
     * Handles an ERROR chunk. Only one cause matters to us: the peer's cookie had expired when the peer received our
     * COOKIE ECHO.
     */
    void onError(ByteBuf packet, int chunk, long nowNanos) {
        boolean isStaleCookie = SctpPacket.chunkLength(packet, chunk) >= 8
                && packet.getUnsignedShort(chunk + 4) == ChunkType.CAUSE_STALE_COOKIE;
        if (state == AssociationState.COOKIE_ECHOED && isStaleCookie) {
            begin(nowNanos); // The handshake starts over with an INIT (§5.2.6).
        }
    }

    /**
     * Returns the content of the cookie. Returns null, and counts a drop, if we did not make the cookie or if it is too
     * old (§5.1.5).
     */
    private @Nullable AssociationParameters openCookie(ByteBuf packet, int chunk, long nowNanos) {
        int length = SctpPacket.chunkLength(packet, chunk) - SctpPacket.CHUNK_HEADER_BYTES;
        if (length != StateCookie.COOKIE_BYTES) {
            statistics.drop(SctpDrop.COOKIE_INVALID);
            return null;
        }
        byte[] cookie = new byte[length];
        packet.getBytes(chunk + SctpPacket.CHUNK_HEADER_BYTES, cookie);
        AssociationParameters content = cookies.open(cookie);
        if (content == null) {
            statistics.drop(SctpDrop.COOKIE_INVALID);
            return null;
        }
        long ageNanos = nowNanos - StateCookie.madeAtNanos(cookie);
        long lateNanos = ageNanos - settings.cookieLifeMs() * 1_000_000L;
        if (lateNanos > 0) {
            statistics.drop(SctpDrop.COOKIE_STALE);
            int lateMicros = (int) Math.min(Integer.MAX_VALUE, lateNanos / 1000);
            replies.replyWithTag(
                    ChunkType.ERROR,
                    content.peerTag(),
                    value -> value.writeShort(ChunkType.CAUSE_STALE_COOKIE)
                            .writeShort(8)
                            .writeInt(lateMicros));
            return null;
        }
        return content;
    }

    private void establish(AssociationParameters cookie) {
        tags.set(cookie.localTag(), cookie.peerTag());
        acknowledgeCookie();
        end();
        listener.onEstablished(cookie);
    }

    private void acknowledgeCookie() {
        replies.reply(ChunkType.COOKIE_ACK, 0, value -> {});
    }

    private void sendInit() {
        replies.replyAlone(
                ChunkType.INIT,
                0,
                0,
                value -> InitChunk.write(value, settings, tags.local(), localInitialTsn, null, NOTHING));
    }

    private void sendCookie() {
        byte[] cookie = peerCookie;
        if (cookie != null) {
            replies.reply(ChunkType.COOKIE_ECHO, 0, value -> value.writeBytes(cookie));
        }
    }

    private int randomTag() {
        int tag = random.nextInt();
        return tag == 0 ? 1 : tag;
    }
}
