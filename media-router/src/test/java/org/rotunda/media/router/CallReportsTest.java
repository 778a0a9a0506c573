package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

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
        // A router that asked every 100 ms, and not once per round trip of 400 ms, would ask seven or more times for
        // each lost packet.
        assertThat(stream.resent() - askedBefore).isBetween(1L, 3 * lost);
        call.closeAndCheckForLeaks(alice, bob);
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
        // The mean lies between Alice's 120 ms and Bob's 40 to 80 ms.
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
