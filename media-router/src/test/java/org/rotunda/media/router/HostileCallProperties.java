package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import java.net.InetSocketAddress;

/**
 * A call goes on while someone sends everything that is not part of it. An exception would come out of the router into the test; what a
 * mutated datagram does to others would show in their streams.
 */
class HostileCallProperties {
    private static final int DATAGRAMS = 600;

    private Calls call;
    private SimulatedPeer alice;
    private SimulatedPeer bob;
    private SimulatedPeer mallory;
    private String video;
    private List<byte[]> captured;
    private RandomGenerator random;

    private void begin(long seed) {
        call = new Calls(seed);
        random = call.simulation.random();
        alice = call.room.joined("alice");
        bob = call.room.joined("bob");
        mallory = call.room.join("mallory");
        captured = mallory.capture();
        call.simulation.await("mallory", 3_000, () -> mallory.isConnected() && mallory.isSettled());
        call.publishVideo(alice, 3);
        video = call.subscribeVideo(bob, alice);
        call.publishVideo(mallory, 2);
        call.publishAudio(mallory);
        call.subscribeVideo(mallory, alice);
        mallory.openChannel("data-m", ChannelParameters.RELIABLE);
        call.room.publish(mallory, "MT-m", "data-m", TrackKind.DATA);
        call.room.openChannel(mallory, "hints");
        call.awaitFrames(bob, video, 30);
        for (int i = 0; i < 10; i++) {
            mallory.send("data-m", "hello " + i);
            mallory.sendPli(mallory.received("v-alice-mallory"));
            call.simulation.runMs(100);
        }
    }

    private void end() {
        int frames = bob.received(video).frames().size();
        call.simulation.runMs(3_000);
        ReceivedStream stream = bob.received(video);
        assertThat(stream.violations()).isEmpty();
        assertThat(stream.lost()).isZero();
        assertThat(stream.undecodable()).isZero();
        assertThat(stream.frames().size() - frames).isGreaterThan(80);
        assertThat(bob.srtpFailures()).isZero();
        assertThat(call.router.events(MediaEvent.StateChanged.class, bob.id()))
                .containsExactly(new MediaEvent.StateChanged(bob.id(), MediaEvent.State.CONNECTED));
        assertThat(call.router.events(MediaEvent.StateChanged.class, alice.id()))
                .containsExactly(new MediaEvent.StateChanged(alice.id(), MediaEvent.State.CONNECTED));
        call.closeAndCheckForLeaks(alice, bob, mallory);
    }

    private byte[] mutated(byte[] datagram) {
        byte[] bytes = datagram.clone();
        int kind = random.nextInt(4);
        if (kind == 0 && bytes.length > 1) {
            byte[] cut = new byte[1 + random.nextInt(bytes.length - 1)];
            System.arraycopy(bytes, 0, cut, 0, cut.length);
            return cut;
        }
        if (kind == 1) {
            byte[] longer = new byte[bytes.length + random.nextInt(60)];
            System.arraycopy(bytes, 0, longer, 0, bytes.length);
            return longer;
        }
        int first = random.nextBoolean() ? 0 : 1; // Mostly the kind of datagram stays, so that more of it is looked at.
        for (int flips = 1 + random.nextInt(4); flips > 0 && bytes.length > first; flips--) {
            bytes[first + random.nextInt(bytes.length - first)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] any(int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void strangersAreCountedAndNothingElse(@ForAll long seed) {
        begin(seed);
        InetSocketAddress stranger = new InetSocketAddress("192.0.2.7", 4_242);
        long sent = call.router.sent();
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] datagram = random.nextInt(5) == 0 ? any(1_500) : mutated(captured.get(random.nextInt(captured.size())));
            if (datagram.length == 0 || (datagram[0] & 0xFC) != 0) { // Not STUN, which may be answered.
                call.router.onDatagram(datagram, stranger);
            }
        }
        assertThat(call.router.sent()).isEqualTo(sent);
        assertThat(call.router.drops("unknown_source")).isPositive();
        for (int i = 0; i < DATAGRAMS; i++) {
            call.router.onDatagram(mutated(mallory.connectivityCheck()), stranger);
        }
        assertThat(call.router.drops("stun_malformed")).isPositive();
        end();
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void brokenCiphertextFromAValidatedAddressIsDropped(@ForAll long seed) {
        begin(seed);
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] datagram = random.nextInt(5) == 0 ? any(1_500) : mutated(captured.get(random.nextInt(captured.size())));
            call.router.onDatagram(datagram, mallory.address());
            if (i % 20 == 0) {
                call.simulation.runMs(5);
            }
        }
        assertThat(call.router.drops("srtp_authentication")).isPositive();
        assertThat(call.router.drops("srtp_replay") + call.router.drops("srtp_malformed")).isPositive();
        end();
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void protectedGarbageHurtsOnlyItsSender(@ForAll long seed) {
        begin(seed);
        PublishedTrack camera = mallory.publishVideo("garbage", 3);
        call.room.publish(mallory, "MT-g", "garbage", TrackKind.VIDEO);
        call.room.subscribe(bob, "g", "MT-g", TrackKind.VIDEO, mallory);
        call.awaitFrames(bob, "g", 10);
        mallory.setPublishing(false);
        int[] ssrcs = ssrcs(camera);
        for (int i = 0; i < DATAGRAMS; i++) {
            switch (random.nextInt(5)) {
                case 0 -> mallory.sendRtp(garbageRtp(ssrcs[random.nextInt(ssrcs.length)]));
                case 1 -> mallory.sendRtp(garbageRtp(random.nextInt()));
                case 2 -> mallory.sendRtcp(Unpooled.wrappedBuffer(garbageRtcp()));
                case 3 -> mallory.sendRtcp(feedback());
                default -> mallory.sendApplicationData(any(1_100));
            }
            if (i % 10 == 0) {
                call.simulation.runMs(5);
            }
        }
        call.simulation.runMs(500);
        assertThat(call.router.drops("unknown_ssrc")).isPositive();
        assertThat(call.router.drops("rtcp_malformed")).isPositive();
        end();
    }

    private int[] ssrcs(PublishedTrack track) {
        List<Integer> ssrcs = new ArrayList<>();
        track.streams().forEach(stream -> {
            ssrcs.add(stream.ssrc());
            ssrcs.add(stream.ssrc() + 1); // Its RTX.
        });
        return ssrcs.stream().mapToInt(Integer::intValue).toArray();
    }

    private ByteBuf garbageRtp(int ssrc) {
        int[] payloadTypes = {96, 97, 108, 109, 111, random.nextInt(128)};
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0x80 | random.nextInt(64)).writeByte(payloadTypes[random.nextInt(6)] | random.nextInt(2) << 7);
        packet.writeShort(random.nextInt(1 << 15)).writeInt(random.nextInt()).writeInt(ssrc);
        return packet.writeBytes(any(1_200));
    }

    /** A known type with a right length, else all would end at the framing. */
    private byte[] garbageRtcp() {
        byte[] bytes = new byte[8 + 4 * random.nextInt(100)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (0x80 | random.nextInt(32));
        bytes[1] = (byte) (200 + random.nextInt(8));
        bytes[2] = 0;
        bytes[3] = (byte) (bytes.length / 4 - 1);
        return bytes;
    }

    /** Requests for each packet that we may have sent mallory, and some that we have not. */
    private ByteBuf feedback() {
        ByteBuf out = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX, RtcpWriter.LENGTH_BYTES_MAX);
        int target = random.nextBoolean()
                ? mallory.received("v-alice-mallory").ssrc()
                : bob.received(video).ssrc();
        switch (random.nextInt(3)) {
            case 0 -> RtcpWriter.pli(out, 1, target);
            case 1 -> RtcpWriter.fir(out, 1, target, random.nextInt(256));
            default -> {
                int[] numbers = new int[200];
                int first = random.nextInt(1 << 16);
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (first + i) & 0xFFFF;
                }
                RtcpWriter.nack(out, 1, target, numbers, numbers.length);
            }
        }
        return out;
    }
}
