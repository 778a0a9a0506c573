package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.LoopbackDtlsClient;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.router.HostedRooms;
import org.rotunda.media.router.RouterCore;
import org.rotunda.media.sctp.SctpSettings;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.stun.StunIntegrity;
import org.rotunda.media.stun.StunWriter;
import org.rotunda.media.transport.CongestionTraces;
import org.rotunda.media.transport.DropStatistics;
import org.rotunda.media.transport.LoopBuffers;
import org.rotunda.media.transport.QualityStatistics;
import org.rotunda.media.transport.TransportEnvironment;

/**
 * Moves a connection between two routers in memory at boot, to warm up the JVM. The second router makes an offer from
 * the first router's handover, and a client answers with an ICE check and a DTLS handshake. In a cold JVM the offer
 * alone takes 150 ms, which would delay the calls that this node takes over from a dead node. Blocks. A node must not
 * report that it is ready before the warm-up ends.
 */
final class MoveWarmUp {
    /** The number of rounds that a booting node runs. More rounds make a move only a few milliseconds faster. */
    static final int ROUNDS = 10;

    // This is a Chromium offer with microphone, simulcast camera and data channel.
    private static final String OFFER = "warm-up-offer.sdp";
    private static final String UFRAG = "self";
    private static final int TRANSPORTS = 2; // The number of transports of each router: PUBLISHER and MOVED.
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final TransportId PUBLISHER = new TransportId("RMwarmup", "PAwarmup1", "publisher");
    private static final TransportId MOVED = new TransportId("RMwarmup", "PAwarmup2", "moved");
    private static final DesiredTransport PUBLISHES = new DesiredTransport(
            PUBLISHER,
            1,
            1,
            List.of(
                    new DesiredTransport.Publication(
                            "MTwarmup1", "1a34e470-0121-4061-9c12-587c2851ba56", TrackKind.AUDIO),
                    new DesiredTransport.Publication(
                            "MTwarmup2", "334ecbea-c46c-4954-9d72-d161d97e0b51", TrackKind.VIDEO)),
            List.of(),
            List.of());
    private static final DesiredTransport SUBSCRIBES = new DesiredTransport(
            MOVED,
            1,
            1,
            List.of(),
            List.of(
                    new DesiredTransport.Subscription(
                            "MTwarmup1", "sub1", TrackKind.AUDIO, PUBLISHER, LayerLimit.NONE, false),
                    new DesiredTransport.Subscription(
                            "MTwarmup2", "sub2", TrackKind.VIDEO, PUBLISHER, LayerLimit.NONE, false)),
            List.of(new DesiredTransport.Channel("warm-up")));

    private MoveWarmUp() {}

    /**
     * Runs the rounds and blocks until they are done.
     *
     * @throws IOException if a handshake with ourselves fails; a handshake with a peer would then fail too
     */
    static void run(DtlsIdentity identity, HandshakePool handshakes, RandomGenerator random, int rounds)
            throws IOException {
        Description offer = new Description(Description.Type.OFFER, 1, offer(identity));
        for (int round = 0; round < rounds; round++) {
            Router before = new Router(identity, handshakes, random);
            Router after = new Router(identity, handshakes, random);
            try {
                before.join(PUBLISHER, offer, PUBLISHES);
                before.join(MOVED, offer, SUBSCRIBES);
                after.join(PUBLISHER, offer, PUBLISHES);
                after.takeOver(before.last(MediaEvent.HandoverChanged.class).handover());
            } finally {
                before.close();
                after.close();
            }
        }
    }

    private static String offer(DtlsIdentity identity) throws IOException {
        try (InputStream resource = MoveWarmUp.class.getResourceAsStream(OFFER)) {
            if (resource == null) {
                throw new IOException("not in this program: " + OFFER);
            }
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII)
                    .replace("sha-256 FINGERPRINT", identity.fingerprint().toString());
        }
    }

    /** A router without a socket, together with its client. Both run on the calling thread. */
    private static final class Router extends LoopbackDatagrams {
        private final List<MediaEvent> events = new ArrayList<>();
        private final DtlsIdentity identity;
        private final RandomGenerator random;
        private final HostedRooms rooms;
        private final RouterCore core;

        Router(DtlsIdentity identity, HandshakePool handshakes, RandomGenerator random) {
            this.identity = identity;
            this.random = random;
            ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
            rooms = HostedRooms.ofOneLoop(TRANSPORTS, random);
            core = new RouterCore(
                    new TransportEnvironment(
                            allocator,
                            random,
                            identity,
                            handshakes,
                            loop(),
                            () -> List.of("candidate:1 1 udp 2130706431 127.0.0.1 9 typ host"),
                            SctpSettings.DEFAULT,
                            0,
                            new DropStatistics(),
                            new QualityStatistics(),
                            new EgressPacketWriter(),
                            new LoopBuffers(),
                            CongestionTraces.NONE),
                    events::add,
                    Long.MAX_VALUE / 2,
                    0);
        }

        void join(TransportId transport, Description offer, DesiredTransport desired) {
            command(new MediaCommand.OpenTransport(transport, 1, Set.of(VideoCodec.values()), null, false));
            command(new MediaCommand.RemoteDescription(transport, 1, offer));
            command(desired);
        }

        void takeOver(TransportHandover handover) throws IOException {
            command(new MediaCommand.OpenTransport(MOVED, 1, Set.of(VideoCodec.values()), handover, false));
            command(new MediaCommand.RepeatMessages(MOVED, 1, List.of()));
            command(SUBSCRIBES);
            String sdp = last(MediaEvent.LocalDescription.class).description().sdp();
            ByteBuf check = StunWriter.bindingRequest(
                    UnpooledByteBufAllocator.DEFAULT,
                    new StunWriter.BindingRequest(
                            new byte[12], attribute(sdp, "ice-ufrag") + ":" + UFRAG, 1, true, random.nextLong(), true),
                    new StunIntegrity(attribute(sdp, "ice-pwd")));
            onDatagram(check);
            check.release();
            drain();
            new LoopbackDtlsClient(identity, identity, List.of(SrtpProfile.values())).connect(this);
        }

        private static String attribute(String sdp, String name) {
            int begin = sdp.indexOf("a=" + name + ":") + name.length() + 3;
            return sdp.substring(begin, sdp.indexOf('\r', begin));
        }

        <T extends MediaEvent> T last(Class<T> kind) {
            return events.stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .filter(event -> event.transport().equals(MOVED))
                    .reduce((former, latter) -> latter)
                    .orElseThrow(() -> new IllegalStateException("a router that does not tell " + kind));
        }

        private void command(MediaCommand command) {
            core.onCommand(rooms.route(command), command, System.nanoTime());
            drain();
        }

        @Override
        void onDatagram(ByteBuf datagram) {
            core.onDatagram(datagram, CLIENT, System.nanoTime());
        }

        @Override
        void drain() {
            core.drainTo((datagram, remote) -> answer(datagram));
        }

        @Override
        public void close() {
            core.close();
            super.close();
        }
    }
}
