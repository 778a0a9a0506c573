package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.NegotiationTable;
import org.rotunda.media.sdp.NegotiationTableCodec;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PeerOptions.Announcement;
import org.rotunda.media.testkit.PeerSdp;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/**
 * Tests streams whose SSRCs are not in the description. Packets name their stream by the header extensions for MID and
 * RID.
 */
class AnnouncedByMidTest {
    private final Calls call = new Calls(11);

    private SimulatedPeer publisher(Announcement announcement) {
        return call.room.joined("alice", PeerOptions.CHROMIUM.withAnnouncement(announcement));
    }

    @ParameterizedTest
    @EnumSource(value = Announcement.class, names = "SSRC", mode = Mode.EXCLUDE)
    void theFirstTwentyPacketsOfSoundAreAllForwarded(Announcement announcement) {
        SimulatedPeer alice = publisher(announcement);
        SimulatedPeer bob = call.room.joined("bob");
        alice.setPublishing(false);
        call.publishAudio(alice);
        String audio = call.subscribeAudio(bob, alice);
        call.simulation.await("the subscription", 3_000, () -> bob.receives(audio));
        call.simulation.runMs(500);
        alice.setPublishing(true);
        call.simulation.runMs(500);

        ReceivedStream sound = bob.received(audio);
        assertThat(sound.frames().size()).isGreaterThanOrEqualTo(20);
        assertThat(sound.frames().get(0).frame()).isZero();
        Calls.assertUnbroken(sound);
        assertThat(call.router.drops("unknown_ssrc")).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @ParameterizedTest
    @EnumSource(value = Announcement.class, names = "SSRC", mode = Mode.EXCLUDE)
    void simulcastByRidReachesASubscriberInItsHighestLayer(Announcement announcement) {
        SimulatedPeer alice = publisher(announcement);
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        call.simulation.runMs(5_000);

        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).lastFrame().encoding()).isEqualTo(2);
        assertThat(call.router.drops("unknown_ssrc")).isZero();
        assertThat(call.router.events(MediaEvent.LayersChanged.class, alice.id()))
                .anyMatch(event -> event.layers().size() == 3);
        call.closeAndCheckForLeaks(alice, bob);
    }

    /**
     * Tests RTX packets. They name their encoding by the repaired RID. If the line has only one encoding, MID and
     * payload type are enough.
     */
    @ParameterizedTest
    @EnumSource(value = Announcement.class, names = "SSRC", mode = Mode.EXCLUDE)
    void lossIsRepairedByRtx(Announcement announcement) {
        for (int encodings : new int[] {1, 3}) {
            Calls lossy = new Calls(encodings);
            SimulatedPeer alice = lossy.room.joined("alice", PeerOptions.CHROMIUM.withAnnouncement(announcement));
            SimulatedPeer bob = lossy.room.joined("bob");
            lossy.publishVideo(alice, encodings);
            String video = lossy.subscribeVideo(bob, alice);
            lossy.awaitFrames(bob, video, 30);
            alice.link().up().mediaLoss(0.05);
            lossy.simulation.runMs(5_000);
            alice.link().up().mediaLoss(0);
            lossy.simulation.runMs(1_000);

            ReceivedStream stream = bob.received(video);
            assertThat(stream.violations()).isEmpty();
            assertThat(stream.lost()).isZero();
            assertThat(stream.undecodable()).isZero();
            assertThat(lossy.router.drops("unknown_ssrc")).isZero();
            lossy.closeAndCheckForLeaks(alice, bob);
        }
    }

    /**
     * Chromium sends the MID only until our first receiver report. After that report another node cannot learn the
     * SSRCs from packets, so it must get them from the first node.
     */
    @Test
    void aMovedConnectionNeedsNoMidAnyMore() {
        SimulatedPeer alice = publisher(Announcement.MID);
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        alice.setMidsSent(false);
        call.simulation.runMs(500);
        SimulatedRouter next = new SimulatedRouter(call.simulation);
        call.router.kill();
        call.room.nextEpoch();
        call.room.moveTo(next, alice);
        call.room.moveTo(next, bob);
        int before = bob.received(video).frames().size();
        call.simulation.runMs(6_000);

        assertThat(next.drops("unknown_ssrc")).isLessThan(20);
        assertThat(bob.received(video).lastFrame().captureNanos())
                .isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        assertThat(before).isGreaterThanOrEqualTo(60);
        next.core().close();
    }

    /** A later offer repeats the line without SSRCs. The router must keep the SSRCs that it learned from packets. */
    @Test
    void renegotiationsKeepTheSsrcs() {
        SimulatedPeer alice = publisher(Announcement.MID);
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        alice.setMidsSent(false);
        call.publishAudio(alice);
        call.simulation.runMs(2_000);

        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).lastFrame().captureNanos())
                .isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        assertThat(clientSsrcs(alice)).hasSize(3).doesNotContain(-1L);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aStreamThatChangesItsSsrcGoesOn() {
        SimulatedPeer alice = publisher(Announcement.MID);
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack camera = call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        alice.renewStreams(camera, 3);
        call.simulation.runMs(3_000);

        Calls.assertUnbroken(bob.received(video));
        assertThat(bob.received(video).lastFrame().captureNanos())
                .isGreaterThan(call.simulation.nowNanos() - 200_000_000L);
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** A client sends packets with a thousand SSRCs. The router binds only sixteen of these SSRCs to the line. */
    @Test
    void thePacketsOfALineGiveABoundedNumberOfSsrcs() {
        SimulatedPeer mallory = publisher(Announcement.MID);
        mallory.setPublishing(false);
        PublishedTrack mic = mallory.publishAudio("mic");
        call.room.publish(mallory, "MT1", mic.trackId(), TrackKind.AUDIO);
        call.simulation.await("settled", 3_000, mallory::isSettled);
        call.simulation.runMs(200);
        ExtensionLayout extensions =
                ExtensionLayout.builder().mid(PeerSdp.MID_ID, "0").build();
        int handovers = handovers(mallory).size();
        for (int ssrc = 1; ssrc <= 1_000; ssrc++) {
            ByteBuf packet = Unpooled.buffer();
            RtpHeader.write(packet, true, false, PeerSdp.OPUS, 7, 0, ssrc);
            extensions.writeTo(packet);
            mallory.sendRtp(packet.writeZero(20));
        }
        call.simulation.runMs(200);

        assertThat(call.router.drops("unknown_ssrc")).isEqualTo(1_000 - 16);
        assertThat(handovers(mallory).size() - handovers).isEqualTo(1);
        call.simulation.runMs(2_000);
        assertThat(handovers(mallory).size() - handovers)
                .as("the room is told of the last SSRC too, a second later")
                .isEqualTo(2);
        call.closeAndCheckForLeaks(mallory);
    }

    /** Packets with an unknown MID, with a MID and no RID, or with no MID are not forwarded. */
    @Test
    void packetsThatNameNoEncodingAreDropped() {
        SimulatedPeer mallory = publisher(Announcement.MID);
        mallory.setPublishing(false);
        call.publishVideo(mallory, 3);
        call.simulation.await("settled", 3_000, mallory::isSettled);
        call.simulation.runMs(200);
        int sequenceNumber = 7;
        for (ExtensionLayout extensions : List.of(
                ExtensionLayout.builder().mid(PeerSdp.MID_ID, "77").build(),
                ExtensionLayout.builder().mid(PeerSdp.MID_ID, "1").build(),
                ExtensionLayout.builder()
                        .transportSequence(PeerSdp.TRANSPORT_CC_ID)
                        .build())) {
            ByteBuf packet = Unpooled.buffer();
            RtpHeader.write(packet, true, false, PeerSdp.VP8, sequenceNumber++, 0, 99);
            extensions.writeTo(packet);
            mallory.sendRtp(packet.writeZero(20));
        }
        call.simulation.runMs(200);

        assertThat(call.router.drops("unknown_ssrc")).isEqualTo(3);
        assertThat(clientSsrcs(mallory)).containsOnly(-1L);
        call.closeAndCheckForLeaks(mallory);
    }

    private List<MediaEvent.HandoverChanged> handovers(SimulatedPeer peer) {
        return call.router.events(MediaEvent.HandoverChanged.class, peer.id());
    }

    private List<Long> clientSsrcs(SimulatedPeer peer) {
        List<MediaEvent.HandoverChanged> handovers = handovers(peer);
        NegotiationTable table = NegotiationTableCodec.decode(
                Objects.requireNonNull(handovers.get(handovers.size() - 1).handover())
                        .negotiation()
                        .bytes());
        return table.lines().stream()
                .filter(line -> line.kind().equals("video"))
                .flatMap(line -> line.clientSsrcs().stream())
                .toList();
    }
}
