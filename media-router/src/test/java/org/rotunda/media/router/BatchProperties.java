package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.Stamp;

/**
 * Properties of the batches in which packets are forwarded: what a subscriber gets does not depend on how many packets are
 * read at once.
 */
class BatchProperties {
    /** The packets and frames that one subscriber has received, and their faults. */
    private record Received(int digest, List<Stamp> frames, List<String> violations) {}

    /**
     * Runs one call twice with the same datagrams at the same times. The router forwards each packet as soon as it is read,
     * or all packets of a batch together. Layers start, stop and switch within the batches.
     */
    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void decidesABatchAsItDecidesItsPacketsOneByOne(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int batchMs,
            @ForAll @IntRange(max = 5) int lossPercent) {
        assertThat(run(seed, batchMs, lossPercent, false)).isEqualTo(run(seed, batchMs, lossPercent, true));
    }

    private static List<Received> run(long seed, int batchMs, int lossPercent, boolean drainsEach) {
        Calls call = new Calls(seed);
        SimulatedPeer alice = call.room.joined("alice");
        PublishedTrack camera = call.publishVideo(alice, 3);
        List<SimulatedPeer> subscribers = List.of(
                call.room.joined("bob"),
                call.room.joined("carol", PeerOptions.WITHOUT_RTX),
                call.room.joined("dave"),
                call.room.joined("erin", PeerOptions.WITHOUT_RTX));
        List<String> tracks = new ArrayList<>();
        for (SimulatedPeer subscriber : subscribers) {
            tracks.add(call.subscribeVideo(subscriber, alice));
            call.awaitFrames(subscriber, tracks.get(tracks.size() - 1), 5);
        }
        call.router.takeBatches(batchMs, drainsEach);
        alice.link().up().mediaLoss(lossPercent / 100.0).duplication(0.01).jitterMs(4);
        for (int step = 0; step < 12; step++) {
            camera.setEnabled(2, step % 3 != 1);
            camera.setLeftOut(1, step % 4 == 2);
            call.room.subscribe(
                    subscribers.get(step % 4),
                    tracks.get(step % 4),
                    "MT-alice",
                    TrackKind.VIDEO,
                    alice,
                    new LayerLimit(step % 3, step % 2 == 0 ? 3 : 0),
                    step == 7);
            call.simulation.runMs(700);
        }
        alice.link().up().mediaLoss(0).duplication(0).jitterMs(0);
        call.simulation.runMs(2_000);
        List<Received> received = new ArrayList<>();
        for (int i = 0; i < tracks.size(); i++) {
            ReceivedStream stream = subscribers.get(i).received(tracks.get(i));
            received.add(new Received(stream.digest(), List.copyOf(stream.frames()), List.copyOf(stream.violations())));
            assertThat(stream.frames()).hasSizeGreaterThan(60);
        }
        call.closeAndCheckForLeaks(
                alice, subscribers.get(0), subscribers.get(1), subscribers.get(2), subscribers.get(3));
        return received;
    }
}
