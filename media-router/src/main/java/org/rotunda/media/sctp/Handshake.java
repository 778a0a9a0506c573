package org.rotunda.media.sctp;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The four-way handshake of both roles at once (RFC 9260 §5.1, §5.2): our INIT and COOKIE ECHO with their timers, and the answers to the
 * peer's INIT in every state. Keeps nothing for an INIT it answers; that is in the cookie.
 */
final class Handshake {
    private static final byte[] NOTHING = {};

    private final SctpSettings settings;
    private final SctpStats stats;
    private final RandomGenerator random;
    private final Replies replies;
    private final StateCookie cookies;
    private final RetryTimer timer;
    private int localTag;
    private int localInitialTsn;
    private byte @Nullable [] peerCookie;
    private @Nullable AssociationParameters parameters;

    Handshake(SctpSettings settings, SctpStats stats, RandomGenerator random, Replies replies) {
        this.settings = settings;
        this.stats = stats;
        this.random = random;
        this.replies = replies;
        this.cookies = new StateCookie(random);
        this.timer = new RetryTimer(settings);
    }

    /** Sends our INIT. */
    void begin(long nowNanos) {
        localTag = randomTag();
        localInitialTsn = random.nextInt();
        peerCookie = null;
        parameters = null;
        sendInit();
        timer.start(nowNanos);
    }

    void end() {
        timer.stop();
        peerCookie = null;
        parameters = null;
    }

    int localTag() {
        return localTag;
    }

    /** What the INIT ACK settled; null before it came. */
    @Nullable
    AssociationParameters parameters() {
        return parameters;
    }

    boolean isDue(long nowNanos) {
        return timer.hasExpired(nowNanos);
    }

    long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    /** T1 expired. */
    void repeat() {
        if (peerCookie == null) {
            sendInit();
        } else {
            sendCookie();
        }
    }

    /** Answers with INIT ACK. While our own INIT is out, with the tag and TSN of that one (§5.2.1); else with fresh ones and tie tags (§5.2.2). */
    void onInit(InitChunk init, Association.State state, int currentTag, int currentPeerTag, long nowNanos) {
        boolean isCollision = state == Association.State.COOKIE_WAIT || state == Association.State.COOKIE_ECHOED;
        boolean hasTies = state != Association.State.CLOSED && state != Association.State.COOKIE_WAIT;
        int tag = isCollision ? localTag : randomTag();
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
                        hasTies ? currentTag : 0,
                        hasTies ? currentPeerTag : 0),
                nowNanos);
        replies.replyAlone(
                ChunkType.INIT_ACK,
                0,
                init.tag(),
                value -> InitChunk.write(value, settings, tag, initialTsn, cookie, init.unrecognized()));
    }

    /** False if the INIT ACK brings no cookie, or one that we could not send back. */
    boolean onInitAck(InitChunk init, long nowNanos) {
        byte[] cookie = init.cookie();
        if (cookie == null
                || SctpPacket.HEADER_BYTES + SctpPacket.CHUNK_HEADER_BYTES + SctpPacket.padded(cookie.length)
                        > settings.packetBytesMax()) {
            return false;
        }
        peerCookie = cookie;
        parameters = new AssociationParameters(
                localTag,
                init.tag(),
                localInitialTsn,
                init.initialTsn(),
                init.windowBytes(),
                init.inboundStreams(),
                init.forwardTsn(),
                init.reconfig(),
                0,
                0);
        timer.start(nowNanos);
        return true;
    }

    void sendCookie() {
        byte[] cookie = peerCookie;
        if (cookie != null) {
            replies.reply(ChunkType.COOKIE_ECHO, 0, value -> value.writeBytes(cookie));
        }
    }

    /** The content of a cookie that is ours and fresh; null, and counted, otherwise (§5.1.5). */
    @Nullable
    AssociationParameters openCookie(ByteBuf packet, int chunk, long nowNanos) {
        int length = SctpPacket.chunkLength(packet, chunk) - SctpPacket.CHUNK_HEADER_BYTES;
        if (length != StateCookie.COOKIE_BYTES) {
            stats.drop(SctpDropReason.COOKIE_INVALID);
            return null;
        }
        byte[] cookie = new byte[length];
        packet.getBytes(chunk + SctpPacket.CHUNK_HEADER_BYTES, cookie);
        AssociationParameters content = cookies.open(cookie);
        if (content == null) {
            stats.drop(SctpDropReason.COOKIE_INVALID);
            return null;
        }
        long ageNanos = nowNanos - StateCookie.madeAtNanos(cookie);
        long lateNanos = ageNanos - settings.cookieLifeMs() * 1_000_000L;
        if (lateNanos > 0) {
            stats.drop(SctpDropReason.COOKIE_STALE);
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

    private void sendInit() {
        replies.replyAlone(
                ChunkType.INIT,
                0,
                0,
                value -> InitChunk.write(value, settings, localTag, localInitialTsn, null, NOTHING));
    }

    private int randomTag() {
        int tag = random.nextInt();
        return tag == 0 ? 1 : tag;
    }
}
