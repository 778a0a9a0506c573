package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.testkit.PublishedTrack;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests of the reports with measurements that the router sends to the room. */
class CallMeasurementsTest {
    private static final byte LEVEL = (byte) (0x80 | 30); // The level in the packets of simulated peers.

    private final Calls call = new Calls(16);

    private <T> List<T> parts(Function<RoomReport, List<T>> part) {
        return call.router.reports().stream()
                .flatMap(report -> part.apply(report).stream())
                .toList();
    }

    @Test
    void levelsOfAudioArriveOnceForEachTwentyMilliseconds() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishAudio(alice);
        call.simulation.runMs(500);
        call.router.reports().clear();

        call.simulation.runMs(2_000);

        List<TrackLevels> levels = parts(RoomReport::levels);
        assertThat(levels).hasSizeBetween(19, 21).allSatisfy(each -> {
            assertThat(each.participantSid()).isEqualTo("alice");
            assertThat(each.trackSid()).isEqualTo("MA-alice");
            assertThat(each.levels()).containsOnly(LEVEL);
        });
        int slots = levels.stream().mapToInt(each -> each.levels().length).sum();
        assertThat(slots).isCloseTo(100, within(6));
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void aRoomWithoutMediaHasNothingToReport() {
        SimulatedPeer alice = call.room.joined("alice");
        call.simulation.runMs(1_000);
        call.router.reports().clear();

        call.simulation.runMs(5_000);

        assertThat(call.router.reports()).isEmpty();
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void aMutedTrackIsLeftOut() {
        SimulatedPeer alice = call.room.joined("alice");
        PublishedTrack mic = call.publishAudio(alice);
        call.simulation.runMs(500);
        mic.setEnabled(0, false);
        call.simulation.runMs(500);
        call.router.reports().clear();

        call.simulation.runMs(1_000);

        assertThat(parts(RoomReport::levels)).isEmpty();
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void qualityOfBothDirectionsArrivesOnceASecond() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 1);
        call.publishAudio(alice);
        call.subscribeVideo(bob, alice);
        call.subscribeAudio(bob, alice);
        call.simulation.runMs(2_000);
        alice.link().up().mediaLoss(0.1);
        bob.link().down().mediaLoss(0.05);
        call.simulation.runMs(3_000);
        call.router.reports().clear();

        call.simulation.runMs(10_000);

        List<QualityReport> ofAlice = parts(RoomReport::qualities).stream()
                .filter(each -> each.transport().equals(alice.id()))
                .toList();
        List<QualityReport> ofBob = parts(RoomReport::qualities).stream()
                .filter(each -> each.transport().equals(bob.id()))
                .toList();
        assertThat(ofAlice).hasSizeBetween(9, 11);
        assertThat(ofBob).hasSizeBetween(9, 11);
        assertThat(ofAlice.stream().mapToDouble(each -> each.videoUp().loss()).average())
                .hasValueCloseTo(0.1, within(0.04));
        assertThat(ofAlice.stream().mapToDouble(each -> each.audioUp().loss()).average())
                .hasValueCloseTo(0.1, within(0.04));
        assertThat(ofAlice).allSatisfy(each -> {
            assertThat(each.audioDown()).isEqualTo(QualityReport.Direction.NONE);
            assertThat(each.audioUp().packetsPerSecond()).isCloseTo(50, within(3));
            assertThat(each.upBps()).isPositive();
        });
        // The losses on the way from Alice are not among the losses on the way to Bob.
        assertThat(ofBob.stream().mapToDouble(each -> each.videoDown().loss()).average())
                .hasValueCloseTo(0.05, within(0.03));
        assertThat(ofBob.stream().mapToDouble(each -> each.audioDown().loss()).average())
                .hasValueCloseTo(0.05, within(0.03));
        assertThat(ofBob).allSatisfy(each -> {
            assertThat(each.rttMillis()).isBetween(35, 60);
            assertThat(each.downBps()).isPositive();
            assertThat(each.videoUp()).isEqualTo(QualityReport.Direction.NONE);
        });
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void theEstimateOfASubscriberArrivesAtLeastOnceASecond() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishAudio(alice);
        call.publishVideo(alice, 1);
        call.subscribeAudio(bob, alice);
        call.subscribeVideo(bob, alice);
        call.simulation.runMs(3_000);
        call.router.reports().clear();

        call.simulation.runMs(5_000);

        List<DownlinkReport> downlinks = parts(RoomReport::downlinks);
        assertThat(downlinks).hasSizeBetween(4, 26).allSatisfy(each -> {
            assertThat(each.transport()).isEqualTo(bob.id());
            assertThat(each.estimateBps()).isPositive();
            assertThat(each.audioBps()).isBetween(8_000L, 64_000L);
            assertThat(each.sentBps()).isGreaterThan(each.audioBps());
            assertThat(each.steppedDown()).isEmpty();
        });
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aSharedScreenIsReportedAndItsMarkReachesSubscribers() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        PublishedTrack screen = call.publishVideo(alice, 2);
        String toBob = call.subscribeVideo(bob, alice);
        call.awaitFrames(bob, toBob, 60);
        assertThat(bob.received(toBob).screenMarks()).isZero();

        screen.setScreen(true);
        call.simulation.runMs(3_000);
        assertThat(parts(RoomReport::rates))
                .last()
                .extracting(TrackRates::screen)
                .isEqualTo(true);
        assertThat(bob.received(toBob).screenMarks()).isPositive();
        Calls.assertUnbroken(bob.received(toBob));

        screen.setScreen(false);
        call.simulation.runMs(3_000);
        assertThat(parts(RoomReport::rates))
                .last()
                .extracting(TrackRates::screen)
                .isEqualTo(false);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void ratesOfTheLayersArriveOnceASecond() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 3);
        call.simulation.runMs(7_000);
        call.router.reports().clear();

        call.simulation.runMs(5_000);

        List<TrackRates> rates = parts(RoomReport::rates);
        assertThat(rates).hasSizeBetween(4, 6).allSatisfy(each -> {
            assertThat(each.trackSid()).isEqualTo("MT-alice");
            assertThat(each.screen()).isFalse();
            assertThat(each.layers()).extracting(TrackRates.LayerRate::spatial).containsExactly(0, 1, 2);
            assertThat(each.layers()).extracting(TrackRates.LayerRate::width).containsExactly(320, 640, 1280);
            assertThat(each.layers())
                    .allSatisfy(layer -> assertThat(layer.framesPerSecond()).isBetween(29, 31))
                    .allSatisfy(layer -> assertThat(layer.cumulativeKbps())
                            .hasSize(3)
                            .isSorted()
                            .allSatisfy(kbps -> assertThat(kbps).isPositive()));
        });
        call.closeAndCheckForLeaks(alice);
    }

    @Test
    void theRoomHearsWhenASubscriptionFlowsAndFlowsAgain() {
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob");
        call.publishVideo(alice, 3);
        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, true);
        call.simulation.runMs(1_500);
        assertThat(call.router.events(MediaEvent.TrackFlows.class, bob.id())).isEmpty();

        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, false);
        call.simulation.runMs(1_500);
        assertThat(call.router.events(MediaEvent.TrackFlows.class, bob.id()))
                .containsExactly(new MediaEvent.TrackFlows(bob.id(), "MT-alice"));

        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, new LayerLimit(0, 0), false);
        call.simulation.runMs(1_500);
        assertThat(call.router.events(MediaEvent.TrackFlows.class, bob.id())).hasSize(1);

        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, true);
        call.simulation.runMs(500);
        call.room.subscribe(bob, "v", "MT-alice", TrackKind.VIDEO, alice, LayerLimit.NONE, false);
        call.simulation.runMs(1_500);
        assertThat(call.router.events(MediaEvent.TrackFlows.class, bob.id())).hasSize(2);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aPublisherHearsTheLimitOfItsTracks() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        call.simulation.runMs(1_000);
        assertThat(alice.rembBps()).isEqualTo(-1);

        call.room.limit(alice, "MT-alice", 800_000);
        call.simulation.runMs(100);
        assertThat(alice.rembBps()).isEqualTo(864_000);

        call.room.limit(alice, "MT-alice", 0);
        call.simulation.runMs(1_100);
        assertThat(alice.rembBps()).isGreaterThan(50_000_000);
        call.closeAndCheckForLeaks(alice);
    }
}
