package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** A call in which Bob watches Alice, while Mallory sends forged datagrams in the same room. */
final class HostileCall {
    final Calls call;
    final SimulatedPeer alice;
    final SimulatedPeer bob;
    final SimulatedPeer mallory;
    final String video;
    final List<byte[]> captured;
    final RandomGenerator random;

    HostileCall(long seed) {
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

    /** Checks that the call of Alice and Bob was undisturbed and that all buffers were released. */
    void end() {
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

    /** Returns a changed copy of a datagram that Mallory has sent, or random bytes. */
    byte[] hostileDatagram() {
        return random.nextInt(5) == 0 ? any(1_500) : mutated(captured.get(random.nextInt(captured.size())));
    }

    byte[] mutated(byte[] datagram) {
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
        // Half of the datagrams keep their first byte, so that parsers read further.
        int first = random.nextBoolean() ? 0 : 1;
        for (int flips = 1 + random.nextInt(4); flips > 0 && bytes.length > first; flips--) {
            bytes[first + random.nextInt(bytes.length - first)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    byte[] any(int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    static int[] ssrcs(PublishedTrack track) {
        List<Integer> ssrcs = new ArrayList<>();
        track.streams().forEach(stream -> {
            ssrcs.add(stream.ssrc());
            ssrcs.add(stream.ssrc() + 1); // The RTX stream uses the next SSRC.
        });
        return ssrcs.stream().mapToInt(Integer::intValue).toArray();
    }

    ByteBuf garbageRtp(int ssrc) {
        int[] payloadTypes = {96, 97, 108, 109, 111, random.nextInt(128)};
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(0x80 | random.nextInt(64)).writeByte(payloadTypes[random.nextInt(6)] | random.nextInt(2) << 7);
        packet.writeShort(random.nextInt(1 << 15)).writeInt(random.nextInt()).writeInt(ssrc);
        return packet.writeBytes(any(1_200));
    }

    /**
     * Makes an RTCP packet with a known type, a right length and random content. With a wrong length it would be
     * dropped early.
     */
    byte[] garbageRtcp() {
        byte[] bytes = new byte[8 + 4 * random.nextInt(100)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (0x80 | random.nextInt(32));
        bytes[1] = (byte) (200 + random.nextInt(8));
        bytes[2] = 0;
        bytes[3] = (byte) (bytes.length / 4 - 1);
        return bytes;
    }

    /** Makes a PLI, a FIR or a NACK about a stream that the router sends to Mallory or to Bob. */
    ByteBuf feedback() {
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
