package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.testkit.PublishedStream;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests how many key frames a crowd of subscribers costs the publisher. */
class CallKeyFramesTest {
    private final Calls call = new Calls(21);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final PublishedTrack camera = call.publishVideo(alice, 3);

    @Test
    void twentySubscribersThatJoinWithinTwoSecondsCostThreeRequests() {
        call.simulation.runMs(5_000);
        List<SimulatedPeer> viewers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SimulatedPeer viewer = call.room.join("viewer" + i);
            viewers.add(viewer);
            // Every second viewer begins with the lowest layer.
            call.room.subscribe(
                    viewer, id(viewer), "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(i % 2 * 7, 7), false);
            call.simulation.runMs(100);
        }
        call.simulation.runMs(5_000);

        assertThat(viewers).allSatisfy(viewer -> {
            assertThat(viewer.received(id(viewer)).frames()).hasSizeGreaterThan(90);
            Calls.assertUnbroken(viewer.received(id(viewer)));
        });
        assertThat(requests(camera)).isBetween(1L, 3L);
        close(viewers);
    }

    @Test
    void layerChangesOfFiftySubscribersWithinASecondCostTwoRequestsPerLayer() {
        List<SimulatedPeer> viewers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SimulatedPeer viewer = call.room.join("viewer" + i);
            viewers.add(viewer);
            limit(viewer, (i + 1) % 3);
        }
        call.simulation.runMs(8_000);
        List<Long> before =
                camera.streams().stream().map(PublishedStream::keyFrameRequests).toList();

        for (int i = 0; i < 50; i++) {
            limit(viewers.get(i), i % 3);
            call.simulation.runMs(20);
        }
        call.simulation.runMs(5_000);

        for (int i = 0; i < 3; i++) {
            assertThat(camera.streams().get(i).keyFrameRequests() - before.get(i))
                    .isLessThanOrEqualTo(2);
        }
        for (int i = 0; i < 50; i++) {
            SimulatedPeer viewer = viewers.get(i);
            assertThat(viewer.received(id(viewer)).lastFrame().encoding()).isEqualTo(i % 3);
            Calls.assertUnbroken(viewer.received(id(viewer)));
        }
        close(viewers);
    }

    private void limit(SimulatedPeer viewer, int spatialMax) {
        call.room.subscribe(
                viewer, id(viewer), "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(spatialMax, 7), false);
    }

    private static String id(SimulatedPeer viewer) {
        return "to-" + viewer.id().participantSid();
    }

    private static long requests(PublishedTrack track) {
        return track.streams().stream()
                .mapToLong(PublishedStream::keyFrameRequests)
                .sum();
    }

    private void close(List<SimulatedPeer> viewers) {
        viewers.add(alice);
        call.closeAndCheckForLeaks(viewers.toArray(SimulatedPeer[]::new));
    }
}
