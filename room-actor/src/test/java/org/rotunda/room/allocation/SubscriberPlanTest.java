package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.allocation.AllocationSamples.camera;
import static org.rotunda.room.allocation.AllocationSamples.cameras;
import static org.rotunda.room.allocation.AllocationSamples.enabled;
import static org.rotunda.room.allocation.AllocationSamples.loud;
import static org.rotunda.room.allocation.AllocationSamples.prior;
import static org.rotunda.room.allocation.AllocationSamples.profile;
import static org.rotunda.room.allocation.AllocationSamples.sending;
import static org.rotunda.room.allocation.AllocationSamples.sid;
import static org.rotunda.room.allocation.AllocationSamples.sized;
import static org.rotunda.room.protocol.TrackPriority.HIGH;
import static org.rotunda.room.protocol.TrackPriority.STANDARD;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;

/** Tests how the layers of a subscriber change over time. */
class SubscriberPlanTest {
    private static final BandwidthProfile GRID = profile(Mode.GRID);

    /** H1: a loss of bandwidth for ten seconds. */
    @Test
    void layersFallAtOnceAndComeBackInOrder() {
        PlanTimeline plan = fallAndReturn();

        plan.runTo(40);
        assertThat(plan.log())
                .containsExactly(
                        "0.0 A S1T2 500",
                        "0.0 B S1T2 500",
                        "0.0 C S1T2 500",
                        "0.0 D S1T2 500",
                        "10.0 D CONGESTION_OFF",
                        "10.0 A S0T0 60",
                        "10.0 B S0T0 60",
                        "10.0 C S0T0 60",
                        "10.0 off D",
                        "22.0 A S1T2 500",
                        "22.0 B S1T2 500",
                        "22.0 C S1T2 500",
                        "25.0 D S0T0 60",
                        "26.0 on D",
                        "27.0 D S1T2 500");
    }

    /** H2: the bandwidth falls again ten seconds after the track has come back, so the wait doubles. */
    @Test
    void aSecondOffDoublesTheWait() {
        PlanTimeline plan = fallAndReturn();
        plan.at(35).bandwidth(200);
        plan.at(36).bandwidth(2200);

        plan.runTo(60);

        assertThat(plan.logOf('D'))
                .containsExactly(
                        "0.0 D S1T2 500",
                        "10.0 D CONGESTION_OFF",
                        "25.0 D S0T0 60",
                        "27.0 D S1T2 500",
                        "35.0 D CONGESTION_OFF",
                        "46.0 D S0T0 60",
                        "48.0 D S1T2 500");
        assertThat(plan.logOf('A')).endsWith("35.0 A S0T0 60", "38.0 A S1T2 500");
    }

    private static PlanTimeline fallAndReturn() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(200);
        plan.at(20).bandwidth(2200);
        return plan;
    }

    /** H3: bandwidth that swings around the boundary between two layers. */
    @Test
    void swingsAroundABoundaryCauseNoUpgrade() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(1350).tracks(cameras("ABCD"));
        for (int second = 1; second < 120; second++) {
            plan.at(second).bandwidth(second % 2 == 0 ? 1350 : 1150);
        }

        assertThat(plan.counts().upgrades()).isZero();
        assertThat(plan.counts().downgrades()).isLessThanOrEqualTo(1);

        PlanTimeline other = new PlanTimeline(GRID);
        other.at(0).bandwidth(1150).tracks(cameras("ABCD"));
        for (int second = 1; second < 120; second++) {
            other.at(second).bandwidth(second % 2 == 0 ? 1150 : 1350);
        }
        assertThat(other.counts().upgrades()).isZero();
    }

    /** H4: a tile that is shown again. */
    @Test
    void aTileThatIsShownAgainComesAtOnce() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABC")).track(enabled(camera('D', STANDARD), false));
        assertThat(plan.log()).contains("0.0 D CLIENT_OFF", "0.0 off D");

        plan.at(30).track(camera('D', STANDARD));
        plan.at(30.2).flows('D');

        assertThat(plan.logOf('D')).endsWith("30.0 D S1T2 500");
        assertThat(plan.log()).endsWith("30.2 on D");
    }

    @Test
    void anUnwatchedTileIsSwitchedOffAndToldAtOnce() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("AB"));

        plan.at(5).track(enabled(camera('B', STANDARD), false));

        assertThat(plan.log()).endsWith("5.0 B CLIENT_OFF", "5.0 off B");
    }

    /** The application hides a tile because it was switched off. If that ended the matter, it would never come back. */
    @Test
    void aTileHiddenBecauseOfAnOffIsAnnouncedWhenTheBandwidthReturns() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(200);
        plan.at(10.5).track(enabled(camera('D', STANDARD), false));
        plan.at(20).bandwidth(2200);

        plan.runTo(40);
        assertThat(plan.log()).contains("25.0 on D");
        assertThat(plan.logOf('D')).endsWith("10.0 D CONGESTION_OFF"); // No media yet.

        plan.at(41).track(camera('D', STANDARD));
        assertThat(plan.logOf('D')).endsWith("41.0 D S1T2 500");
        assertThat(plan.log().stream().filter(line -> line.endsWith("on D"))).hasSize(1);
    }

    @Test
    void aTileHiddenAndShownWhileItIsOffGoesOnWaiting() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(200);
        plan.at(20).bandwidth(2200);
        plan.at(21).track(enabled(camera('D', STANDARD), false));
        plan.at(22).track(camera('D', STANDARD));

        plan.runTo(26);
        assertThat(plan.logOf('D')).endsWith("10.0 D CONGESTION_OFF", "25.0 D S0T0 60");
    }

    @Test
    void detectedModeWaitsForCongestionAndSwitchesOneTrackOffPerSecond() {
        PlanTimeline plan = new PlanTimeline(profile(Mode.GRID, SwitchOffMode.DETECTED, 0));
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(150);
        plan.runTo(20);
        assertThat(plan.counts().congestionOffs()).isZero();

        plan.at(20).loss(0.1);
        plan.runTo(30);

        assertThat(plan.log())
                .containsSubsequence("22.0 D CONGESTION_OFF", "23.0 C CONGESTION_OFF")
                .doesNotContain("24.0 B CONGESTION_OFF");
        assertThat(plan.layers()).isEqualTo("A=S0T0 60; B=S0T0 60; C=CONGESTION_OFF; D=CONGESTION_OFF");
    }

    @Test
    void aLongQueueConfirmsCongestion() {
        PlanTimeline plan = new PlanTimeline(profile(Mode.GRID, SwitchOffMode.DETECTED, 0));
        plan.at(0).bandwidth(200).tracks(cameras("ABCD"));
        plan.at(5).queue(301);
        plan.runTo(6.9);
        assertThat(plan.counts().congestionOffs()).isZero();
        plan.runTo(7);
        assertThat(plan.logOf('D')).endsWith("7.0 D CONGESTION_OFF");
    }

    @Test
    void anUpgradeThatWasTooEarlyMakesTheNextOneWaitLonger() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(200).tracks(cameras("A"));
        plan.at(10).bandwidth(800);
        plan.at(15).bandwidth(200);
        plan.at(20).bandwidth(800);

        plan.runTo(30);

        assertThat(plan.logOf('A'))
                .containsExactly("0.0 A S0T2 150", "12.0 A S1T2 500", "15.0 A S0T2 150", "24.0 A S1T2 500");
    }

    @Test
    void theWaitForUpgradesHalvesWhenItHasBeenCalm() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(200).tracks(cameras("A"));
        plan.at(10).bandwidth(800);
        plan.at(15).bandwidth(200);
        plan.at(80).bandwidth(800);

        plan.runTo(90);

        assertThat(plan.logOf('A')).endsWith("82.0 A S1T2 500");
    }

    @Test
    void theResolutionRisesAtMostOnceInThreeSeconds() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(100).tracks(List.of(sized(camera('A', STANDARD), 1280, 720)));
        plan.at(10).bandwidth(400);
        plan.at(10.5).bandwidth(4000);

        plan.runTo(20);

        assertThat(plan.logOf('A'))
                .containsExactly("0.0 A S0T1 90", "12.0 A S1T1 300", "14.0 A S1T2 500", "16.0 A S2T2 2500");
    }

    @Test
    void theMostImportantTrackHasAGraceOfTwoSeconds() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(500).tracks(cameras("AB"));
        plan.at(10).bandwidth(43); // More than 70 % of the lowest layer.
        plan.at(20).bandwidth(41);

        plan.runTo(30);

        assertThat(plan.logOf('A')).endsWith("10.0 A S0T0 60", "22.0 A CONGESTION_OFF");
    }

    @Test
    void aLouderTrackTakesAPlaceAfterASecond() {
        PlanTimeline plan = new PlanTimeline(profile(Mode.GRID, SwitchOffMode.PREDICTED, 2));
        plan.at(0).bandwidth(2200).tracks(cameras("ABC"));
        assertThat(plan.layers()).isEqualTo("A=S1T2 500; B=S1T2 500; C=MAX_TRACKS");

        plan.at(10).track(loud(camera('C', STANDARD), 0));
        plan.at(10.9).track(loud(camera('C', STANDARD), 'C'));
        plan.at(11.5).track(loud(camera('C', STANDARD), 0));
        plan.runTo(20);

        assertThat(plan.log()).containsSubsequence("12.5 B MAX_TRACKS", "12.5 C S1T2 500");
        assertThat(plan.logOf('C')).containsExactly("0.0 C MAX_TRACKS", "12.5 C S1T2 500");
    }

    @Test
    void aTrackKeepsItsPlaceForThreeSeconds() {
        PlanTimeline plan = new PlanTimeline(profile(Mode.GRID, SwitchOffMode.PREDICTED, 1));
        plan.at(0).bandwidth(2200).tracks(cameras("AB"));
        plan.at(0.5).track(loud(camera('B', STANDARD), 0));

        plan.runTo(10);

        assertThat(plan.logOf('B')).containsExactly("0.0 B MAX_TRACKS", "3.0 B S1T2 500");
    }

    /** Several speakers must not stay frozen because they were quiet when the bandwidth fell. */
    @Test
    void aSpeakerTakesThePlaceOfAQuietTrackThatCongestionLeftOn() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(200);
        plan.at(20).track(loud(camera('D', STANDARD), 0));

        plan.runTo(22);

        assertThat(plan.log()).containsSubsequence("21.0 C CONGESTION_OFF", "21.0 D S0T0 60");
    }

    @Test
    void aRaisedPriorityTakesAPlaceAtOnce() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(200);
        plan.at(20).track(prior(camera('D', STANDARD), HIGH));

        assertThat(plan.layers()).isEqualTo("A=S0T0 60; B=S0T0 60; C=CONGESTION_OFF; D=S0T0 60");
    }

    @Test
    void equalTracksDoNotSwapLayersWhenAnotherOneSpeaks() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(500).tracks(cameras("ABCD"));
        assertThat(plan.layers()).isEqualTo("A=S0T2 150; B=S0T2 150; C=S0T1 90; D=S0T1 90");

        plan.at(10).track(loud(camera('D', STANDARD), 0)).track(loud(camera('A', STANDARD), 200));
        plan.runTo(30);

        assertThat(plan.layers()).isEqualTo("A=S0T2 150; B=S0T2 150; C=S0T1 90; D=S0T1 90");
    }

    /** The result is that of the allocation, whatever the tracks had before. */
    @Test
    void aPresentationSwitchesLessImportantTracksOffWhereTheImportantOneCanUseTheirBits() {
        PlanTimeline plan = new PlanTimeline(profile(Mode.PRESENTATION));
        plan.cap(550_000).at(0).bandwidth(2000).tracks(cameras("ABC"));
        assertThat(plan.layers()).isEqualTo("A=S0T2 150; B=S0T2 150; C=S0T2 150");

        plan.at(1).track(prior(camera('A', STANDARD), HIGH));
        plan.runTo(4.9);
        assertThat(plan.layers()).isEqualTo("A=S1T1 300; B=S0T2 150; C=S0T1 90");
        plan.runTo(5.1); // The first seconds are over, in which nothing is switched off for an upgrade.
        assertThat(plan.layers()).isEqualTo("A=S1T2 500; B=CONGESTION_OFF; C=CONGESTION_OFF");

        plan.runTo(100);
        assertThat(plan.layers()).isEqualTo("A=S1T2 500; B=CONGESTION_OFF; C=CONGESTION_OFF");
    }

    @Test
    void noUpgradeSwitchesATrackOffInOtherModes() {
        for (BandwidthProfile kind : List.of(
                profile(Mode.COLLABORATION),
                profile(Mode.PRESENTATION, SwitchOffMode.DISABLED, 0),
                profile(Mode.PRESENTATION, SwitchOffMode.DETECTED, 0))) {
            PlanTimeline plan = new PlanTimeline(kind);
            plan.cap(550_000).at(0).bandwidth(2000).tracks(cameras("ABC"));
            plan.at(1).track(prior(camera('A', STANDARD), HIGH));
            plan.runTo(60);
            assertThat(plan.layers()).doesNotContain("OFF");
        }
    }

    @Test
    void aCapOfFourHundredBitsLeavesExactlyTheMostImportantTrack() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.cap(400).at(0).bandwidth(2000).tracks(List.of(camera('A', STANDARD), loud(camera('B', STANDARD), 0)));

        plan.runTo(60);

        assertThat(plan.layers()).isEqualTo("A=CONGESTION_OFF; B=S0T0 60");
        plan.at(61).track(prior(camera('A', STANDARD), HIGH));
        plan.runTo(70);
        assertThat(plan.layers()).isEqualTo("A=S0T0 60; B=CONGESTION_OFF");
    }

    @Test
    void aCapNeedsNoMargin() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.cap(500_000).at(0).bandwidth(100).tracks(cameras("A"));
        plan.at(10).bandwidth(2000);

        plan.runTo(20);

        assertThat(plan.layers()).isEqualTo("A=S1T2 500");
    }

    @Test
    void aSmallExcessIsToleratedForTwoSecondsWhileTheQueueIsShort() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2000).tracks(cameras("ABCD"));
        plan.at(10).bandwidth(1800);
        plan.runTo(11.9);
        assertThat(plan.counts().downgrades()).isZero();
        plan.runTo(12);
        assertThat(plan.counts().downgrades()).isPositive();

        PlanTimeline large = new PlanTimeline(GRID);
        large.at(0).bandwidth(2000).tracks(cameras("ABCD"));
        large.at(10).bandwidth(1700);
        assertThat(large.counts().downgrades()).isPositive();

        PlanTimeline queued = new PlanTimeline(GRID);
        queued.at(0).bandwidth(2000).tracks(cameras("ABCD")).queue(80);
        queued.at(10).bandwidth(1950);
        assertThat(queued.counts().downgrades()).isEqualTo(1);
    }

    /** Three 720p tracks reach their top layer within seconds of the first picture while the estimate is probed up. */
    @Test
    void aFastStartReachesTheTopLayersWithinFiveSeconds() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.cap(12_000_000)
                .at(0)
                .bandwidth(300)
                .tracks(cameras("ABC").stream()
                        .map(track -> sized(track, 1280, 720))
                        .toList());
        plan.at(0.5).bandwidth(900);
        plan.at(1).bandwidth(1800);
        plan.at(1.5).bandwidth(4000);
        plan.at(2).bandwidth(9000);

        plan.runTo(4);

        assertThat(plan.layers()).isEqualTo("A=S2T2 2500; B=S2T2 2500; C=S2T2 2500");
    }

    @Test
    void aLayerThatThePublisherStopsIsLeft() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(4000).tracks(List.of(sized(camera('A', STANDARD), 1280, 720)));
        plan.at(10).track(sending(sized(camera('A', STANDARD), 1280, 720), Ladder.camera(640, 360, 2)));

        assertThat(plan.logOf('A')).containsExactly("0.0 A S2T2 2500", "10.0 A S1T2 700");
        assertThat(plan.reason('A')).isEqualTo(Reason.LAYER_INACTIVE);

        plan.at(20).track(sized(camera('A', STANDARD), 1280, 720));
        assertThat(plan.layers()).isEqualTo("A=S2T2 2500"); // The bandwidth has been there all the time.
    }

    @Test
    void aSmallerTileGetsASmallerLayerAtOnce() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(4000).tracks(List.of(sized(camera('A', STANDARD), 1280, 720)));

        plan.at(10).track(sized(camera('A', STANDARD), 160, 90));

        assertThat(plan.logOf('A')).endsWith("10.0 A S0T2 150");
        assertThat(plan.changes('A').get(0).cause()).isEqualTo(Cause.RENDER_SIZE);
    }

    @Test
    void theWaitForAReturnIsAtMostFortySecondsAndShortAfterAMinute() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("AB"));
        double time = 10;
        for (double wait : new double[] {5, 10, 20, 40, 40}) {
            plan.at(time).bandwidth(70);
            plan.at(time + 1).bandwidth(2200);
            plan.runTo(time + 1 + wait - 0.1);
            assertThat(plan.reason('B')).isEqualTo(Reason.CONGESTION_OFF_WAIT);
            plan.runTo(time + 1 + wait);
            assertThat(plan.layers()).contains("B=S0T0 60");
            time += wait + 10;
        }
        plan.at(time + 60).bandwidth(70);
        plan.at(time + 61).bandwidth(2200);
        plan.runTo(time + 66);
        assertThat(plan.layers()).contains("B=S0T0 60");
    }

    @Test
    void aDipInterruptsTheWaitForAReturn() {
        PlanTimeline plan = fallAndReturn();
        plan.at(24).bandwidth(250);
        plan.at(24.5).bandwidth(2200);

        plan.runTo(40);

        assertThat(plan.logOf('D')).contains("29.5 D S0T0 60").doesNotContain("25.0 D S0T0 60");
    }

    @Test
    void onlyTheLastTenChangesAreRemembered() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(4000).tracks(cameras("A"));
        for (int second = 1; second <= 12; second++) {
            plan.at(second).track(enabled(camera('A', STANDARD), second % 2 == 0));
        }

        assertThat(plan.changes('A')).hasSize(SubscriberPlan.CHANGES_MAX);
        assertThat(plan.changes('A').get(0).cause()).isEqualTo(Cause.CLIENT_ON);
        assertThat(plan.changes('A').get(1).reason()).isEqualTo(Reason.CLIENT_OFF);
    }

    @Test
    void explanationsHaveReasonsAndNumbers() {
        PlanTimeline plan = fallAndReturn();
        plan.runTo(21);

        assertThat(plan.explanation('A').reason()).isEqualTo(Reason.HEADROOM_WAIT);
        assertThat(plan.explanation('A').waitMillis()).isEqualTo(1000);
        assertThat(plan.explanation('A').text())
                .isEqualTo("The next layer (90 kbit/s) fits, and comes if the bandwidth stays, in about 1.0 s.");
        assertThat(plan.explanation('D').text())
                .isEqualTo("The track is off after congestion, and comes back if the bandwidth stays, in about 4.0 s.");
        plan.runTo(30);
        assertThat(plan.explanation('A').reason()).isEqualTo(Reason.AS_DESIRED);
    }

    @Test
    void theDemandNamesThePresentLayersWhileTheyAreTolerated() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("ABCD"));
        plan.runTo(10);
        assertThat(plan.isExcessive()).isFalse();
        plan.at(10).bandwidth(1900);
        assertThat(plan.isExcessive()).isTrue();
        assertThat(plan.demand().nextBps()).isEqualTo(2_000_000);

        plan.runTo(13); // The time of tolerance is over.
        assertThat(plan.isExcessive()).isFalse();
        assertThat(plan.demand().nextBps()).isEqualTo(2_200_000);
    }

    /** The link to probe for is the one that the allocation would use first, not the one of the first track. */
    @Test
    void theDemandNamesTheStepThatTheAllocationTakesFirst() {
        List<TrackInput> tracks = List.of(
                sized(camera('A', STANDARD), 1280, 720),
                sized(sending(camera('B', STANDARD), Ladder.camera(960, 540, 3)), 960, 540));
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(1100).tracks(tracks);
        assertThat(plan.log()).containsExactly("0.0 A S1T2 500", "0.0 B S1T2 350");
        assertThat(plan.demand().nextBps()).isEqualTo(1_342_000); // B's step from 350 to 720 kbit/s with the margin.

        plan.at(1).bandwidth(1342);
        plan.runTo(20);
        assertThat(plan.log()).endsWith("3.0 B S2T1 720");
    }

    @Test
    void theDemandNamesTheNextStepAndTheWhole() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(1300).tracks(cameras("ABCD"));

        assertThat(plan.demand()).isEqualTo(new Demand(2_000_000, 240_000, 1_540_000, 2_200_000));
        plan.at(10).bandwidth(200);
        assertThat(plan.demand().nextBps()).isEqualTo(231_000); // A's next step with the margin.
        plan.at(20).bandwidth(4000);
        plan.runTo(30);
        assertThat(plan.demand().nextBps()).isZero();
        assertThat(new SubscriberPlan(GRID).demand()).isEqualTo(Demand.NONE);
    }

    @Test
    void aTrackThatIsGoneIsForgotten() {
        PlanTimeline plan = new PlanTimeline(GRID);
        plan.at(0).bandwidth(2200).tracks(cameras("AB"));
        plan.at(1).tracks(cameras("A"));

        assertThat(plan.plan().layer(sid('B'))).isEmpty();
        assertThat(plan.plan().explain(sid('B'), 0)).isEmpty();
        assertThat(plan.plan().rank(sid('B'))).isEqualTo(-1);
        assertThat(plan.plan().rank(sid('A'))).isZero();
    }
}
