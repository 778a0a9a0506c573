package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/**
 * The DTLS association and the SRTP session of one connection. A failed handshake is tried again after a second. A new
 * fingerprint means that the connection has moved to the router of another node. The bot then makes a new association
 * and a new session. Owned by the loop of its {@link BotMedia}.
 */
final class BotSecurity implements BotDtls.Listener {
    /** Receives the keys and the decrypted data, and sends DTLS datagrams. */
    interface Listener {
        /** Called when the handshake with the first node has completed, and again after a move to another node. */
        void onKeys(long nowNanos);

        void onApplicationData(byte[] data, long nowNanos);

        void sendDtls(byte[] datagram);
    }

    private static final List<SrtpProfile> PROFILES =
            // Chromium offers the profiles in this order.
            List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM);
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final BotMedia.Environment environment;
    private final MediaCounters counters;
    private final Listener listener;
    private String fingerprint = ""; // The fingerprint in the router's description; empty before the first description.
    private @Nullable BotDtls dtls;
    private @Nullable SrtpSession srtp;
    private long retryNanos = Long.MIN_VALUE;

    BotSecurity(BotMedia.Environment environment, MediaCounters counters, Listener listener) {
        this.environment = environment;
        this.counters = counters;
        this.listener = listener;
    }

    /**
     * Sets the fingerprint from the router's current description. A changed fingerprint ends the association and the
     * session.
     */
    void onFingerprint(String next) {
        if (!next.equals(fingerprint)) {
            fingerprint = next;
            close();
        }
    }

    /** Returns whether the router has sent a description. */
    boolean isExpectingRouter() {
        return !fingerprint.isEmpty();
    }

    /** Returns the SRTP session; null until the handshake has completed. */
    @Nullable
    SrtpSession srtp() {
        return srtp;
    }

    /**
     * Begins the handshake. Does nothing if the handshake is running or complete, or failed less than a second ago. The
     * router must be reachable.
     */
    void start(long nowNanos) {
        if (srtp != null || nowNanos < retryNanos) {
            return;
        }
        if (dtls == null) {
            dtls = new BotDtls(environment.identity(), PROFILES, fingerprint, this);
        }
        dtls.start(environment.handshakes(), environment.loop().executor());
    }

    /** Processes a DTLS datagram. The datagram is borrowed. */
    void onDatagram(ByteBuf datagram) {
        BotDtls association = dtls;
        if (association != null) {
            association.onDatagram(datagram);
        }
    }

    /** Sends bytes in an encrypted record of application data. The router expects SCTP in such records. */
    void sendApplicationData(byte[] bytes) {
        BotDtls association = dtls;
        if (association != null) {
            association.send(bytes);
        }
    }

    /** Encrypts and sends a record of any content type, to imitate a hostile client. */
    void sendRecord(int contentType, byte[] plain) {
        BotDtls association = dtls;
        if (association != null) {
            association.sendRecord(contentType, plain);
        }
    }

    @Override
    public void onKeys(SrtpKeys keys) {
        srtp = new SrtpSession(keys, SrtpRole.CLIENT);
        listener.onKeys(System.nanoTime());
    }

    @Override
    public void onApplicationData(byte[] data) {
        listener.onApplicationData(data, System.nanoTime());
    }

    @Override
    public void onDtlsFailed(String reason) {
        counters.dtlsFailures++;
        counters.lastDtlsFailure = reason;
        close();
        retryNanos = System.nanoTime() + RETRY_NANOS;
    }

    @Override
    public void sendDtls(byte[] datagram) {
        listener.sendDtls(datagram);
    }

    /** Drops the association and the keys. */
    void close() {
        srtp = null;
        retryNanos = Long.MIN_VALUE;
        BotDtls old = dtls;
        dtls = null;
        if (old != null) {
            old.close();
        }
    }
}
