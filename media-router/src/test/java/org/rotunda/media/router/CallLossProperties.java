package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

/**
 * Properties of a call with loss, reordering and duplication between a client and the router. Each leg is repaired
 * separately.
 */
class CallLossProperties {
    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void lossOnBothLegsIsRepaired(
            @ForAll long seed, @ForAll @IntRange(max = 5) int lossPercent, @ForAll boolean subscriberHasRtx) {
        Calls call = new Calls(seed);
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob", subscriberHasRtx ? PeerOptions.CHROMIUM : PeerOptions.WITHOUT_RTX);
        SimulatedPeer carol = call.room.joined("carol");
        call.publishVideo(alice, 2);
        String toBob = call.subscribeVideo(bob, alice);
        String toCarol = call.subscribeVideo(carol, alice);
        call.awaitFrames(bob, toBob, 30);
        call.awaitFrames(carol, toCarol, 30);

        alice.link().up().mediaLoss(lossPercent / 100.0).duplication(0.02).jitterMs(8);
        bob.link().down().mediaLoss(lossPercent / 100.0).duplication(0.02).jitterMs(8);
        call.simulation.runMs(8_000);
        alice.link().up().mediaLoss(0);
        bob.link().down().mediaLoss(0);
        call.simulation.runMs(1_500);

        for (ReceivedStream stream : new ReceivedStream[] {bob.received(toBob), carol.received(toCarol)}) {
            assertThat(stream.violations()).as(stream.toString()).isEmpty();
            assertThat(stream.frames().size()).as(stream.toString()).isGreaterThan(240);
            assertThat(stream.lost()).as(stream.toString()).isLessThanOrEqualTo(3);
        }
        if (lossPercent > 0) {
            assertThat(bob.received(toBob).recovered()).isPositive();
        }
        assertThat(bob.srtpFailures()).isZero();
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    /** Tests a network that is too bad for a call and then good again. The call must recover. */
    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void recoversOnceTheNetworkIsGoodAgain(
            @ForAll long seed,
            @ForAll @IntRange(min = 10, max = 70) int lossPercent,
            @ForAll @IntRange(max = 400) int jitterMs) {
        Calls call = new Calls(seed);
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        String video = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, video, 30);
        for (SimulatedPeer peer : new SimulatedPeer[] {alice, bob}) {
            peer.link().up().loss(lossPercent / 100.0).jitterMs(jitterMs);
            peer.link().down().loss(lossPercent / 100.0).jitterMs(jitterMs);
        }
        call.simulation.runMs(5_000);
        for (SimulatedPeer peer : new SimulatedPeer[] {alice, bob}) {
            peer.link().up().loss(0).jitterMs(0);
            peer.link().down().loss(0).jitterMs(0);
        }
        call.simulation.runMs(12_000); // A subscriber may cause at most three key frames in ten seconds.
        int frames = bob.received(video).frames().size();
        call.simulation.runMs(2_000);

        assertThat(bob.received(video).violations()).isEmpty();
        assertThat(bob.received(video).frames().size() - frames).isGreaterThan(50);
        call.closeAndCheckForLeaks(alice, bob);
    }
}
