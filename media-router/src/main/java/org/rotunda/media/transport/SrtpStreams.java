package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/**
 * The SRTP side of one transport. Decrypts incoming packets. Encrypts outgoing packets into runs, and queues them until the
 * next {@link #drainTo}. Packets in both directions are dropped while there are no keys. Outgoing packets are
 * also dropped while there is no address to send to. Owned by one event loop.
 */
final class SrtpStreams implements EgressRun.Owner {
    /**
     * The maximum number of datagrams in the queue. A batch of 64 packets for each of 16 streams has 1,024 datagrams, a
     * quarter of the limit. The limit bounds the memory that a flood of NACKs can use.
     */
    static final int EGRESS_DATAGRAMS_MAX = 4_096;

    /**
     * The maximum number of bytes that encryption adds to RTCP: the GCM tag or HMAC, and the index of SRTCP (RFC 3711
     * §3.4; RFC 7714 §13).
     */
    private static final int RTCP_OVERHEAD_BYTES_MAX = 16 + 4;

    /** The result of {@link #repeat} for a packet that was never sent. */
    static final int NEVER_SENT = -1;

    private final TransportEnvironment environment;
    private final Supplier<@Nullable SocketAddress> destination;
    private final Runnable onOutput;
    private final EgressRun run; // Shared by all transports of the loop.
    private final EgressQueue egress = new EgressQueue();
    private @Nullable SrtpSession session; // Null until DTLS has given keys.
    private @Nullable RuntimeException fault; // A fault of onRunClosed.

    /** @param onOutput called when a datagram was queued */
    SrtpStreams(TransportEnvironment environment, Supplier<@Nullable SocketAddress> destination, Runnable onOutput) {
        this.environment = environment;
        this.destination = destination;
        this.onOutput = onOutput;
        this.run = environment.buffers().run();
    }

    void open(SrtpKeys keys) {
        session = SrtpSession.open(
                keys,
                SrtpRole.SERVER,
                environment.random(),
                environment.buffers().srtp());
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
     * Encrypts one RTP packet into the run of the loop.
     *
     * @param plain a packet at the start of its array ({@link LoopBuffers#plain}), borrowed and not changed
     * @return the length of the encrypted packet in bytes, or 0 if the packet could not be sent
     */
    int protect(ByteBuf plain) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            return 0;
        }
        int lengthBytes = plain.readableBytes();
        run.prepare(this, lengthBytes + open.profile().tagLengthBytes());
        SrtpResult result = open.protectRtp(plain.array(), lengthBytes, run.bytes(), run.lengthBytes());
        return append(result, lengthBytes + open.profile().tagLengthBytes());
    }

    /**
     * Encrypts an RTP packet once more under the index under which the same packet was sent before.
     *
     * @param plain a packet as {@link #protect} takes it
     * @return the length of the encrypted packet in bytes, 0 if the packet could not be sent, or {@link #NEVER_SENT}
     */
    int repeat(ByteBuf plain) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            return 0;
        }
        int lengthBytes = plain.readableBytes();
        run.prepare(this, lengthBytes + open.profile().tagLengthBytes());
        SrtpResult result = open.reprotectRtp(plain.array(), lengthBytes, run.bytes(), run.lengthBytes());
        return result == SrtpResult.NEVER_SENT
                ? NEVER_SENT
                : append(result, lengthBytes + open.profile().tagLengthBytes());
    }

    /** Takes the packet behind the run into the run. Returns its length, or 0 if it could not be encrypted. */
    private int append(SrtpResult result, int lengthBytes) {
        if (!isOk(result)) {
            return 0;
        }
        run.append(this, lengthBytes);
        onOutput.run();
        return lengthBytes;
    }

    /**
     * Queues the run of the loop, which has only packets of this transport. Another transport may be the caller, so that a
     * fault is kept until this transport is drained.
     */
    @Override
    public void onRunClosed(int datagramBytes, int datagrams) {
        try {
            egress.add(run.copy(environment.allocator()), datagramBytes, datagrams);
        } catch (RuntimeException failure) {
            fault = failure;
        }
    }

    /** Encrypts and queues one RTCP datagram, and takes ownership of it. */
    void sendRtcp(ByteBuf plaintext) {
        SrtpSession open = session;
        if (open == null || !maySend()) {
            plaintext.release();
            return;
        }
        ByteBuf out = environment.allocator().directBuffer(plaintext.readableBytes() + RTCP_OVERHEAD_BYTES_MAX);
        SrtpResult result = open.protectRtcp(plaintext, out);
        plaintext.release();
        if (isOk(result)) {
            egress.add(out, out.readableBytes(), 1);
            onOutput.run();
        } else {
            out.release();
        }
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
        run.closeIfOf(this);
        RuntimeException failure = fault;
        if (failure != null) {
            fault = null;
            throw failure;
        }
        if (egress.isEmpty()) {
            return;
        }
        SocketAddress remote = destination.get();
        if (remote != null) {
            egress.sendTo(sink, remote);
            return;
        }
        for (int i = 0; i < egress.datagrams(); i++) {
            environment.drops().count(TransportDrop.NO_CONSENT);
        }
        egress.release();
    }

    void release() {
        run.closeIfOf(this);
        egress.release();
    }

    /**
     * Returns whether we have keys and an address to send to, and the queue is not full. Otherwise counts a drop.
     */
    private boolean maySend() {
        boolean hasConsent = session != null && destination.get() != null;
        if (hasConsent && egress.datagrams() + run.datagramsOf(this) < EGRESS_DATAGRAMS_MAX) {
            return true;
        }
        environment.drops().count(hasConsent ? TransportDrop.EGRESS_FULL : TransportDrop.NO_CONSENT);
        return false;
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
