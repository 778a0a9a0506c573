package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.Stamp;

/** Tests layer limits, pauses and key frames. */
class CallLayersTest {
    private static final long SWITCH_MS = 300; // Covers a round trip to the publisher and one frame.

    private final Calls call = new Calls(2);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");
    private final SimulatedPeer carol = call.room.joined("carol");
    private final PublishedTrack camera = call.publishVideo(alice, 3);
    private final String toBob = call.subscribeVideo(bob, alice);
    private final String toCarol = call.subscribeVideo(carol, alice);

    private void limit(SimulatedPeer peer, String id, int spatial, int temporal, boolean paused) {
        call.room.subscribe(peer, id, "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(spatial, temporal), paused);
    }

    @Test
    void layerLimitSwitchesWithOneKeyFrameAndNobodyElseNotices() {
        call.awaitFrames(bob, toBob, 60);
        call.awaitFrames(carol, toCarol, 60);

        limit(bob, toBob, 0, 7, false);
        call.simulation.runMs(SWITCH_MS);
        assertThat(bob.received(toBob).lastFrame().encoding()).isZero();

        call.simulation.runMs(2_000);
        limit(bob, toBob, 1, 7, false);
        call.simulation.runMs(SWITCH_MS + 1_000); // The router asks a publisher for a key frame at most once a second.
        assertThat(bob.received(toBob).lastFrame().encoding()).isEqualTo(1);

        Calls.assertUnbroken(bob.received(toBob));
        Calls.assertUnbroken(carol.received(toCarol));
        assertThat(carol.received(toCarol).frames())
                .allMatch(frame ->
                        frame.encoding() == 2 || frame.captureNanos() < call.simulation.nowNanos() - 3_000_000_000L);
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void temporalLimitQuartersTheFrameRateWithoutGaps() {
        call.awaitFrames(bob, toBob, 60);
        limit(bob, toBob, 2, 0, false);
        call.simulation.runMs(1_000);
        int before = bob.received(toBob).frames().size();
        call.simulation.runMs(4_000);

        int frames = bob.received(toBob).frames().size() - before;
        // The base layer has every fourth frame. At 30 frames per second, it has 30 frames in four seconds.
        assertThat(frames).isBetween(25, 35);
        Calls.assertUnbroken(bob.received(toBob));
        assertThat(carol.received(toCarol).frames().size()).isGreaterThan(150);
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void pauseSendsNothingAndResumeGoesOn() {
        call.awaitFrames(bob, toBob, 60);
        limit(bob, toBob, 7, 7, true);
        call.simulation.runMs(200);
        ReceivedStream stream = bob.received(toBob);
        long packets = stream.packets();
        call.simulation.runMs(3_000);
        assertThat(stream.packets()).isEqualTo(packets);

        limit(bob, toBob, 7, 7, false);
        call.simulation.runMs(1_000);
        assertThat(stream.packets()).isGreaterThan(packets);
        assertThat(bob.received(toBob)).isSameAs(stream);
        Calls.assertUnbroken(stream);
        Calls.assertUnbroken(carol.received(toCarol));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void fallsBackWhenTheHighestEncodingStops() {
        call.awaitFrames(bob, toBob, 60);
        camera.setEnabled(2, false);
        call.simulation.runMs(4_000);
        Stamp last = bob.received(toBob).lastFrame();
        assertThat(last.encoding()).isEqualTo(1);
        assertThat(call.simulation.nowNanos() - last.captureNanos()).isLessThan(200_000_000L);

        camera.setEnabled(2, true);
        call.simulation.runMs(2_000);
        assertThat(bob.received(toBob).lastFrame().encoding()).isEqualTo(2);
        Calls.assertUnbroken(bob.received(toBob));
        assertThat(call.router.events(MediaEvent.LayersChanged.class, alice.id()))
                .extracting(event -> event.layers().size())
                .contains(3, 2);
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void requestsOfManySubscribersBecomeOneToThePublisher() {
        call.awaitFrames(bob, toBob, 90);
        call.awaitFrames(carol, toCarol, 90);
        call.simulation.runMs(3_000);
        long requests = requests();

        bob.sendPli(bob.received(toBob));
        carol.sendPli(carol.received(toCarol));
        bob.sendPli(bob.received(toBob));
        call.simulation.runMs(1_000);

        assertThat(requests()).isEqualTo(requests + 1);
        assertThat(call.router.snapshot().keyFrameRequests()).isEqualTo(requests());
        Calls.assertUnbroken(bob.received(toBob));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    private long requests() {
        return camera.streams().stream()
                .mapToLong(stream -> stream.keyFrameRequests())
                .sum();
    }
}
