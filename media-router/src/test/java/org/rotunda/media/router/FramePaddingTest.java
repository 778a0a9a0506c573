package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests the padding that gives the packets of a batch one length. */
class FramePaddingTest {
    private static final long BATCH_MS = 20;

    private final Calls call = new Calls(5);
    private final SimulatedPeer alice = call.room.joined("alice");

    @Test
    void packetsOfAFrameArePaddedForAClientWithRtxOnly() {
        SimulatedPeer bob = call.room.joined("bob");
        SimulatedPeer carol = call.room.joined("carol", PeerOptions.WITHOUT_RTX);
        call.publishVideo(alice, 1);
        String toBob = call.subscribeVideo(bob, alice);
        String toCarol = call.subscribeVideo(carol, alice);
        call.router.takeBatches(BATCH_MS, false);
        call.awaitFrames(bob, toBob, 100);
        call.awaitFrames(carol, toCarol, 100);

        ReceivedStream padded = bob.received(toBob);
        assertThat(padded.paddedPackets()).isPositive();
        assertThat(padded.violations()).isEmpty();
        assertThat(carol.received(toCarol).paddedPackets()).isZero();
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void paddedPacketsAreResentAndDecoded() {
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        String toBob = call.subscribeVideo(bob, alice);
        call.router.takeBatches(BATCH_MS, false);
        call.awaitFrames(bob, toBob, 30);
        bob.link().down().mediaLoss(0.05);
        call.simulation.runMs(5_000);
        bob.link().down().mediaLoss(0);
        call.simulation.runMs(1_500);

        ReceivedStream stream = bob.received(toBob);
        assertThat(stream.recovered()).isPositive();
        assertThat(stream.lost()).isLessThanOrEqualTo(2);
        assertThat(stream.violations()).isEmpty();
        assertThat(stream.paddedPackets()).isPositive();
    }

    @Test
    void audioIsPaddedOnlyIfSeveralPacketsLeaveTogether() {
        SimulatedPeer bob = call.room.joined("bob");
        SimulatedPeer carol = call.room.joined("carol");
        PublishedTrack one = call.publishAudio(alice);
        call.publishAudio(bob);
        String fromAlice = call.subscribeAudio(carol, alice);
        call.simulation.runMs(2_000);
        assertThat(one.isVideo()).isFalse();
        assertThat(carol.received(fromAlice).packets()).isPositive();
        assertThat(carol.received(fromAlice).paddedPackets())
                .as("alone in its batch")
                .isZero();

        String fromBob = call.subscribeAudio(carol, bob);
        call.router.takeBatches(BATCH_MS, false);
        call.simulation.runMs(2_000);

        assertThat(carol.received(fromAlice).paddedPackets()
                        + carol.received(fromBob).paddedPackets())
                .isPositive();
        assertThat(carol.received(fromAlice).violations()).isEmpty();
        assertThat(carol.received(fromBob).violations()).isEmpty();
        call.closeAndCheckForLeaks(alice, bob, carol);
    }
}
