package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.util.List;
import org.rotunda.media.dtls.DtlsCloseReason;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.DtlsTransport;
import org.rotunda.media.dtls.LoopbackDtlsClient;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/**
 * Runs DTLS handshakes and SRTP in memory at boot, to warm up the JVM. In a cold JVM the first handshake takes up to 90
 * ms. If a cold node took over the calls of another node, it would run many slow handshakes at once, and each call
 * would be interrupted for a second longer. Blocks the calling thread. A node must not report that it is ready before
 * the warm-up has ended.
 */
public final class HandshakePoolWarmUp {
    /** The number of rounds that a booting node runs. More rounds do not make a handshake faster. */
    public static final int ROUNDS = 5;

    // This many packets are enough for the JIT compiler, and take much less than a second.
    private static final int PACKETS = 10_000;
    private static final int PAYLOAD_LENGTH = 1000;
    private static final int SERVER_WAIT_MILLIS = 5_000;

    private HandshakePoolWarmUp() {}

    /**
     * Runs the rounds and blocks until they are done.
     *
     * @throws IOException if a handshake with ourselves fails; a handshake with a peer would then fail too
     */
    public static void run(DtlsIdentity identity, DtlsHandshakes handshakes, int rounds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (SrtpProfile profile : SrtpProfile.values()) {
                handshake(identity, handshakes, profile, round % 2 == 1);
            }
        }
        for (SrtpProfile profile : SrtpProfile.values()) {
            packets(handshake(identity, handshakes, profile, false));
        }
    }

    /**
     * Runs one handshake with ourselves. Returns the keys on which both sides agreed.
     *
     * @param invited true to invite the client to its ClientHello, like a client that moves here
     */
    private static SrtpKeys handshake(
            DtlsIdentity identity, DtlsHandshakes handshakes, SrtpProfile profile, boolean invited) throws IOException {
        Loopback loopback = new Loopback(identity, handshakes);
        try {
            if (invited) {
                loopback.server.invite();
                loopback.drain();
            }
            SrtpKeys keys = new LoopbackDtlsClient(identity, identity, List.of(profile))
                    .connect(loopback)
                    .keys();
            loopback.awaitServer();
            return keys;
        } finally {
            loopback.server.close(false);
            loopback.close();
        }
    }

    private static void packets(SrtpKeys keys) {
        SrtpSession client = new SrtpSession(keys, SrtpRole.CLIENT);
        SrtpSession server = new SrtpSession(keys);
        ByteBuf plain = Unpooled.buffer().writeInt(0x8060_0000).writeLong(1).writeZero(PAYLOAD_LENGTH);
        ByteBuf packet = Unpooled.directBuffer(SrtpSession.PACKET_LENGTH_MAX);
        for (int i = 0; i < PACKETS; i++) {
            plain.setShort(2, i);
            packet.clear();
            if (client.protectRtp(plain, packet) != SrtpResult.OK || server.unprotectRtp(packet) != SrtpResult.OK) {
                throw new IllegalStateException("SRTP does not read what it wrote");
            }
        }
        packet.release();
    }

    /** The server of one handshake and the in-memory network to it. */
    private static final class Loopback extends LoopbackDatagrams implements DtlsTransport.Listener {
        private final DtlsTransport server;
        private boolean finished;

        Loopback(DtlsIdentity identity, DtlsHandshakes handshakes) {
            server = new DtlsTransport(identity, handshakes, loop(), UnpooledByteBufAllocator.DEFAULT, this);
            server.expectFingerprints(List.of(identity.fingerprint()));
        }

        void awaitServer() throws IOException {
            byte[] nothing = new byte[0];
            for (int i = 0; i < SERVER_WAIT_MILLIS && !finished; i++) {
                receive(nothing, 0, 0, 1);
            }
            if (!server.isOpen()) {
                throw new IOException("the server did not finish a handshake with ourselves");
            }
        }

        @Override
        void onDatagram(ByteBuf datagram) {
            server.onDatagram(datagram);
        }

        @Override
        void drain() {
            server.drainTo(this::answer);
        }

        @Override
        public void onKeys(SrtpKeys keys) {
            finished = true;
        }

        @Override
        public void onApplicationData(ByteBuf data) {
            // The client sends no application data.
        }

        @Override
        public void onClosed(DtlsCloseReason reason) {
            finished = true;
        }
    }
}
