package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PublishedTrack;

/**
 * Properties of a call with a hostile peer that sends forged datagrams. An exception in the router fails the test, and
 * so does a fault in the streams of other peers.
 */
class HostileCallProperties {
    private static final int DATAGRAMS = 600;

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void datagramsOfStrangersAreCountedAndIgnored(@ForAll long seed) {
        HostileCall scene = new HostileCall(seed);
        InetSocketAddress stranger = new InetSocketAddress("192.0.2.7", 4_242);
        long sent = scene.call.router.sent();
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] datagram = scene.hostileDatagram();
            if (datagram.length == 0 || (datagram[0] & 0xFC) != 0) { // The router may answer STUN, so STUN is left out.
                scene.call.router.onDatagram(datagram, stranger);
            }
        }
        assertThat(scene.call.router.sent()).isEqualTo(sent);
        assertThat(scene.call.router.drops("unknown_source")).isPositive();
        for (int i = 0; i < DATAGRAMS; i++) {
            scene.call.router.onDatagram(scene.mutated(scene.mallory.connectivityCheck()), stranger);
        }
        assertThat(scene.call.router.drops("stun_malformed")).isPositive();
        scene.end();
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void brokenCiphertextFromAValidatedAddressIsDropped(@ForAll long seed) {
        HostileCall scene = new HostileCall(seed);
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] datagram = i % 5 == 0 ? scene.mutated(scene.mallory.connectivityCheck()) : scene.hostileDatagram();
            scene.call.router.onDatagram(datagram, scene.mallory.address());
            if (i % 20 == 0) {
                scene.call.simulation.runMs(5);
            }
        }
        assertThat(scene.call.router.drops("srtp_authentication")).isPositive();
        assertThat(scene.call.router.drops("srtp_replay") + scene.call.router.drops("srtp_malformed"))
                .isPositive();
        assertThat(scene.call.router.drops("dtls_malformed_record")).isPositive();
        assertThat(scene.call.router.drops("dtls_nothing_read")).isPositive();
        assertThat(scene.call.router.drops("ice_bad_fingerprint")).isPositive();
        scene.end();
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void protectedGarbageHurtsOnlyItsSender(@ForAll long seed) {
        HostileCall scene = new HostileCall(seed);
        PublishedTrack camera = scene.mallory.publishVideo("garbage", 3);
        scene.call.room.publish(scene.mallory, "MT-g", "garbage", TrackKind.VIDEO);
        scene.call.room.subscribe(scene.bob, "g", "MT-g", TrackKind.VIDEO, scene.mallory);
        scene.call.awaitFrames(scene.bob, "g", 10);
        scene.mallory.setPublishing(false);
        int[] ssrcs = HostileCall.ssrcs(camera);
        for (int i = 0; i < DATAGRAMS; i++) {
            switch (scene.random.nextInt(5)) {
                case 0 -> scene.mallory.sendRtp(scene.garbageRtp(ssrcs[scene.random.nextInt(ssrcs.length)]));
                case 1 -> scene.mallory.sendRtp(scene.garbageRtp(scene.random.nextInt()));
                case 2 -> scene.mallory.sendRtcp(Unpooled.wrappedBuffer(scene.garbageRtcp()));
                case 3 -> scene.mallory.sendRtcp(scene.feedback());
                default -> scene.mallory.sendApplicationData(scene.any(1_100));
            }
            if (i % 10 == 0) {
                scene.call.simulation.runMs(5);
            }
        }
        scene.call.simulation.runMs(500);
        assertThat(scene.call.router.drops("unknown_ssrc")).isPositive();
        assertThat(scene.call.router.drops("rtcp_malformed")).isPositive();
        // The router checks the port before the checksum, so random bytes fail at the port.
        assertThat(scene.call.router.drops("sctp_bad_port")).isPositive();
        scene.end();
    }
}
