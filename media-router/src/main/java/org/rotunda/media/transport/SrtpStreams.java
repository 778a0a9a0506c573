package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/**
 * The SRTP side of one transport. Decrypts incoming packets. Encrypts outgoing packets, and queues them until the next
 * {@link #drainTo}. Packets in both directions are dropped while there are no keys. Outgoing packets are
 * also dropped while there is no address to send to. Owned by one event loop.
 */
final class SrtpStreams {
    /**
     * The maximum number of datagrams in the queue. A batch of 64 packets for each of 16 streams has 1,024 datagrams, a
     * quarter of the limit. The limit bounds the memory that a flood of NACKs can use.
     */
    static final int EGRESS_DATAGRAMS_MAX = 4_096;

    /**
     * The maximum number of bytes that encryption adds: the GCM tag or HMAC, and the index of SRTCP (RFC 3711 §3.1,
     * §3.4; RFC 7714 §13).
     */
    private static final int OVERHEAD_BYTES_MAX = 16 + 4;

    /** The result of {@link #repeat} for a packet that was never sent. */
    static final int NEVER_SENT = -1;

    private final TransportEnvironment environment;
    private final Supplier<@Nullable SocketAddress> destination;
    private final Runnable onOutput;
    private final ArrayDeque<ByteBuf> egress = new ArrayDeque<>();
    private @Nullable SrtpSession session; // Null until DTLS has given keys.

    /** @param onOutput called when a datagram was queued */
    SrtpStreams(TransportEnvironment environment, Supplier<@Nullable SocketAddress> destination, Runnable onOutput) {
        this.environment = environment;
        this.destination = destination;
        this.onOutput = onOutput;
    }

    void open(SrtpKeys keys) {
        session = SrtpSession.open(keys, SrtpRole.SERVER, environment.random());
    }

    boolean hasKeys() {
        return session != null;
    }

    /** Returns whether there are both keys and an address to send to. */
    boolean canSend() {
        return session != null && destination.get() != null;
    }

    /** Decrypts an RTP datagram in place. If the datagram is not usable, counts a drop and returns false. */
    boolean unprotectRtp(ByteBuf datagram) {
        SrtpSession open = session;
        if (open == null || !RtpHeader.isValid(datagram)) {
            environment.drops().count(open == null ? TransportDrop.NO_KEYS : TransportDrop.SRTP_MALFORMED);
            return false;
        }
        return isOk(open.unprotectRtp(datagram));
    }

    /** Decrypts an RTCP datagram in place, as {@link #unprotectRtp} does for RTP. */
    boolean unprotectRtcp(ByteBuf datagram) {
        SrtpSession open = session;
        if (open == null) {
            environment.drops().count(TransportDrop.NO_KEYS);
            return false;
        }
        return isOk(open.unprotectRtcp(datagram));
    }

    /** Returns the number of bytes that encryption adds to an RTP packet. */
    int tagLengthBytes() {
        return session == null ? 0 : session.profile().tagLengthBytes();
    }

    /**
     * Encrypts and queues one RTP packet. The packet is borrowed and not changed.
     *
     * @return the length of the encrypted packet in bytes, or 0 if the packet could not be sent
     */
    int protect(ByteBuf plain) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            return 0;
        }
        ByteBuf out = environment.allocator().directBuffer(plain.readableBytes() + OVERHEAD_BYTES_MAX);
        return queue(out, open.protectRtp(plain, out));
    }

    /**
     * Encrypts and queues an RTP packet once more under the index under which the same packet was sent before.
     *
     * @return the length of the encrypted packet in bytes, 0 if the packet could not be sent, or {@link #NEVER_SENT}
     */
    int repeat(ByteBuf plain) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            return 0;
        }
        ByteBuf out = environment.allocator().directBuffer(plain.readableBytes() + OVERHEAD_BYTES_MAX);
        SrtpResult result = open.reprotectRtp(plain, out);
        if (result == SrtpResult.NEVER_SENT) {
            out.release();
            return NEVER_SENT;
        }
        return queue(out, result);
    }

    /** Encrypts and queues one RTCP datagram, and takes ownership of it. */
    void sendRtcp(ByteBuf plaintext) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            plaintext.release();
            return;
        }
        ByteBuf out = environment.allocator().directBuffer(plaintext.readableBytes() + OVERHEAD_BYTES_MAX);
        SrtpResult result = open.protectRtcp(plaintext, out);
        plaintext.release();
        queue(out, result);
    }

    /** Allows {@link #repeat} to send packets of this SSRC again. Does nothing before there are keys. */
    void allowRepeats(int ssrc) {
        if (session != null) {
            session.allowRepeats(ssrc);
        }
    }

    void forgetOutbound(int ssrc) {
        if (session != null) {
            session.forgetOutbound(ssrc);
        }
    }

    /** Passes the queued datagrams to the sink, or drops and counts them if there is no address to send to. */
    void drainTo(DatagramSink sink) {
        SocketAddress remote = destination.get();
        ByteBuf datagram;
        while ((datagram = egress.poll()) != null) {
            if (remote == null) {
                datagram.release();
                environment.drops().count(TransportDrop.NO_CONSENT);
            } else {
                sink.send(datagram, remote);
            }
        }
    }

    void release() {
        egress.forEach(ByteBuf::release);
        egress.clear();
    }

    /**
     * Returns whether we have keys and an address to send to, and the queue is not full. Otherwise counts a drop.
     */
    private boolean maySend() {
        boolean hasConsent = session != null && destination.get() != null;
        if (hasConsent && egress.size() < EGRESS_DATAGRAMS_MAX) {
            return true;
        }
        environment.drops().count(hasConsent ? TransportDrop.EGRESS_FULL : TransportDrop.NO_CONSENT);
        return false;
    }

    private int queue(ByteBuf datagram, SrtpResult result) {
        if (!isOk(result)) {
            datagram.release();
            return 0;
        }
        egress.add(datagram);
        onOutput.run();
        return datagram.readableBytes();
    }

    private boolean isOk(SrtpResult result) {
        if (result == SrtpResult.OK) {
            return true;
        }
        environment
                .drops()
                .count(
                        switch (result) {
                            case REPLAYED -> TransportDrop.SRTP_REPLAY;
                            case TOO_MANY_SSRCS -> TransportDrop.SRTP_SSRCS_MAX;
                            case AUTH_FAILED -> TransportDrop.SRTP_AUTHENTICATION;
                            default -> TransportDrop.SRTP_MALFORMED;
                        });
        return false;
    }
}
