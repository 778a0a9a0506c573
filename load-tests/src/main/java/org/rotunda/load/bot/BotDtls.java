package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsFingerprint;
import org.rotunda.media.dtls.DtlsHandshakeResult;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.LoopbackDtlsClient;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.testkit.PeerRecords;

/**
 * One DTLS association of a bot, in the role of the client. The blocking handshake runs on the fleet's pool; afterwards
 * the loop processes the records. Owned by the loop; only {@link #run} runs on a thread of the pool.
 */
final class BotDtls implements DtlsHandshakes.Job {
    /** Receives the results of the association and sends its datagrams. */
    interface Listener {
        void onKeys(SrtpKeys keys);

        void onApplicationData(byte[] data);

        /** Called when the handshake has failed or the association has ended. */
        void onDtlsFailed(String reason);

        void sendDtls(byte[] datagram);
    }

    private final DtlsIdentity identity;
    private final List<SrtpProfile> profiles;
    private final String fingerprint; // The fingerprint in the router's description.
    private final Listener listener;
    private DtlsHandshakes.@Nullable Running running;
    private @Nullable PeerRecords handshaking; // run() writes this field; onFinished() reads it in a later task.
    private @Nullable PeerRecords records;
    private boolean closed;

    BotDtls(DtlsIdentity identity, List<SrtpProfile> profiles, String fingerprint, Listener listener) {
        this.identity = identity;
        this.profiles = profiles;
        this.fingerprint = fingerprint;
        this.listener = listener;
    }

    /** Begins the handshake. Returns false if all threads of the pool are busy. */
    boolean start(DtlsHandshakes pool, Executor loop) {
        if (running == null) {
            running = pool.start(this, null, loop);
        }
        return running != null;
    }

    /** Processes a datagram of the router. The datagram is borrowed. */
    void onDatagram(ByteBuf datagram) {
        byte[] bytes = ByteBufUtil.getBytes(datagram);
        PeerRecords open = records;
        DtlsHandshakes.Running handshake = running;
        if (closed) {
            return;
        }
        if (open != null) {
            process(open, bytes);
        } else if (handshake != null) {
            handshake.offer(bytes); // A full queue drops the datagram, which DTLS treats as lost.
        }
    }

    private void process(PeerRecords open, byte[] datagram) {
        Consumer<byte[]> data = listener::onApplicationData;
        try {
            open.onDatagram(datagram, data);
        } catch (IllegalStateException broken) {
            fail(String.valueOf(broken.getCause()));
            return;
        }
        if (open.isClosedByPeer()) {
            fail("closed by the router");
        }
    }

    void send(byte[] applicationData) {
        PeerRecords open = records;
        if (open != null && !closed) {
            open.sendApplicationData(applicationData);
        }
    }

    /** Sends a record of any content type, to imitate a hostile client. */
    void sendRecord(int contentType, byte[] plain) {
        PeerRecords open = records;
        if (open != null && !closed) {
            open.sendRecord(contentType, plain);
        }
    }

    /** Ends the association without telling the router. */
    void close() {
        closed = true;
        DtlsHandshakes.Running handshake = running;
        if (handshake != null) {
            handshake.cancel();
        }
    }

    @Override
    public DtlsHandshakeResult run(DatagramTransport datagrams, int timeoutMillis) {
        PeerRecords wire = new PeerRecords(datagrams);
        handshaking = wire;
        try {
            LoopbackDtlsClient.Connected connected = new LoopbackDtlsClient(identity, identity, profiles).connect(wire);
            return new DtlsHandshakeResult.Established(
                    connected.records(), connected.keys(), connected.serverCertificate());
        } catch (IOException | RuntimeException e) { // Whatever the router sent, only this handshake fails.
            return new DtlsHandshakeResult.Failed(DtlsCloseReason.HANDSHAKE_FAILED);
        }
    }

    @Override
    public void onOutput(byte[] datagram) {
        if (!closed) {
            listener.sendDtls(datagram);
        }
    }

    @Override
    public void onFinished(DtlsHandshakeResult result, List<byte[]> unread) {
        running = null;
        PeerRecords wire = handshaking;
        if (closed) {
            return;
        }
        if (wire == null || !(result instanceof DtlsHandshakeResult.Established established)) {
            fail("the handshake failed");
            return;
        }
        DtlsFingerprint expected = DtlsFingerprint.parse(fingerprint);
        if (expected == null || !expected.matches(established.peerCertificate())) {
            fail("the router's certificate is not that of its description");
            return;
        }
        wire.open(established.records(), listener::sendDtls);
        records = wire;
        listener.onKeys(established.keys());
        for (byte[] datagram : unread) {
            if (!closed) {
                process(wire, datagram);
            }
        }
    }

    private void fail(String reason) {
        closed = true;
        listener.onDtlsFailed(reason);
    }
}
