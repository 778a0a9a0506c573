package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Histogram;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.NetworkQuality;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedStream;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests our reports to subscribers and the reports of clients to us. */
class CallReportsTest {
    // The maximum offset between sound and picture: half of the offset that viewers notice.
    private static final long LIP_SYNC_NANOS = 20_000_000L;

    private final Calls call = new Calls(7);

    @Test
    void senderReportsKeepSoundAndPictureInStep() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        alice.link().up().jitterMs(15);
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        String video = call.subscribeVideo(bob, alice);
        String audio = call.subscribeAudio(bob, alice);
        call.simulation.runMs(6_000);

        assertInStep(bob.received(video), bob.received(audio));
        call.room.subscribe(bob, video, "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(0, 7), false);
        call.simulation.runMs(6_000);
        assertThat(bob.received(video).lastFrame().encoding()).isZero();
        assertInStep(bob.received(video), bob.received(audio));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aLostPacketIsAskedForAgainOnlyAfterTheMeasuredRoundTrip() {
        // This peer counts the NACKs for its packets, but resends nothing.
        SimulatedPeer alice = call.room.joined("alice", PeerOptions.WITHOUT_RTX);
        SimulatedPeer bob = call.room.joined("bob");
        alice.link().up().delayMs(200);
        alice.link().down().delayMs(200);
        PublishedTrack camera = call.publishVideo(alice, 1);
        call.publishAudio(bob);
        call.subscribeAudio(alice, bob); // Alice's reports about this audio let the router measure her round trip.
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 60);
        call.simulation.runMs(3_000);
        PublishedStream stream = camera.streams().get(0);
        long askedBefore = stream.resent();
        long lostBefore = alice.link().up().dropped();

        alice.link().up().mediaLoss(1);
        call.simulation.runMs(40);
        alice.link().up().mediaLoss(0);
        call.simulation.runMs(1_000);

        long lost = alice.link().up().dropped() - lostBefore;
        assertThat(lost).isPositive();
        // The router asks once per round trip, which takes 400 ms. If it asked every 100 ms, it would ask seven or more
        // times for each lost packet.
        assertThat(stream.resent() - askedBefore).isBetween(1L, 3 * lost);
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Bob sends 50 NACK datagrams. Each of them asks for 4,760 packets. */
    @Test
    void aFloodOfNacksIsMostlyNotLookedAt() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        long tooOldBefore = call.router.drops("resend_too_old");
        for (int i = 0; i < 50; i++) {
            bob.sendRtcp(nack(bob.received(video).ssrc(), 280));
        }
        call.simulation.runMs(200);

        long looked = call.router.drops("resend_too_old") - tooOldBefore;
        assertThat(looked).isLessThan(6_000);
        assertThat(call.router.drops("resend_limited")).isGreaterThan(50 * 4_760 - 6_000);
        call.simulation.runMs(1_000);
        bob.link().down().mediaLoss(0.05);
        call.simulation.runMs(3_000);
        bob.link().down().mediaLoss(0);
        call.simulation.runMs(1_000);
        assertThat(bob.received(video).lost()).as("losses are repaired again").isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Returns a Generic NACK that asks for seventeen packets in each entry (RFC 4585 §6.2.1). */
    private static ByteBuf nack(int mediaSsrc, int entries) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(0x81).writeByte(205).writeShort(2 + entries).writeInt(1).writeInt(mediaSsrc);
        for (int i = 0; i < entries; i++) {
            out.writeShort(17 * i).writeShort(0xFFFF);
        }
        return out;
    }

    @Test
    void reportsFillTheQualityHistogramsOfBothDirections() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        alice.link().up().delayMs(60).mediaLoss(0.2);
        alice.link().down().delayMs(60);
        bob.link().down().jitterMs(40);
        call.publishVideo(alice, 1);
        call.publishAudio(bob);
        call.subscribeAudio(alice, bob);
        call.awaitFrames(bob, call.subscribeVideo(bob, alice), 30);
        call.simulation.runMs(10_000);

        NetworkQuality quality = call.router.snapshot().quality();
        assertThat(quality.up().rttSeconds().count()).isPositive();
        assertThat(quality.down().rttSeconds().count()).isPositive();
        // Alice's round trip takes 120 ms, and Bob's takes 40 to 80 ms. The mean lies between them.
        assertThat(mean(quality.up().rttSeconds())).isBetween(0.04, 0.16);
        // Half of the reports are about Bob's stream, which loses nothing. Alice's stream loses a fifth.
        assertThat(mean(quality.up().lossRatio())).isBetween(0.05, 0.2);
        // Bob loses nothing, but a packet that comes only after his report counts as lost in the report.
        assertThat(mean(quality.down().lossRatio())).isLessThan(0.03);
        assertThat(mean(quality.down().jitterSeconds()))
                .isGreaterThan(mean(quality.up().jitterSeconds()));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aClientThatIsSentNothingMeasuresNoRoundTrip() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 1);
        call.simulation.runMs(3_000);

        NetworkQuality.Direction up = call.router.snapshot().quality().up();
        assertThat(up.rttSeconds().count()).isZero();
        assertThat(up.lossRatio().count()).isPositive();
        assertThat(up.lossRatio().counts().get(0)).isEqualTo(up.lossRatio().count()); // Nothing was lost.
        call.closeAndCheckForLeaks(alice);
    }

    private static double mean(Histogram histogram) {
        return histogram.sum() / histogram.count();
    }

    private static void assertInStep(ReceivedStream picture, ReceivedStream sound) {
        assertThat(picture.isReported() && sound.isReported()).isTrue();
        long pictureOffset =
                picture.wallClockNanosOfLastFrame() - picture.lastFrame().captureNanos();
        long soundOffset = sound.wallClockNanosOfLastFrame() - sound.lastFrame().captureNanos();
        assertThat(pictureOffset).isCloseTo(soundOffset, Offset.offset(LIP_SYNC_NANOS));
    }
}
