package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.allocation.Ladder;
import org.rotunda.room.allocation.LadderPoint;
import org.rotunda.room.allocation.RenderSize;
import org.rotunda.room.allocation.TrackInput;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Tests what the plan of one member reserves, and which demand its router hears of. */
class MemberPlanTest {
    private static final TransportId TRANSPORT = new TransportId("RM1", "PA1", "pc");
    private static final TrackInput CAMERA = new TrackInput(
            new TrackSid("MT" + "0".repeat(32)),
            TrackPriority.STANDARD,
            new RenderSize(1280, 720),
            true,
            false,
            0,
            0,
            Ladder.camera(1280, 720, 3));

    /** The reserve for the sound of a room in which nobody else speaks. */
    private static final long SPEECH_BPS = 30_000;

    private final MemberPlan plan = new MemberPlan(null, 12_000_000);
    private long nowNanos = 1;

    MemberPlanTest() {
        plan.onTracks(List.of(CAMERA), Set.of(), 0, nowNanos);
    }

    private void report(long bps, double loss) {
        report(bps, loss, true);
    }

    private void report(long bps, double loss, boolean sampled) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(200);
        plan.onReport(
                new DownlinkReport(TRANSPORT, bps, false, loss, 0, 20, 0, bps / 2, sampled, List.of()), 0, nowNanos);
        plan.onTimeout(nowNanos);
    }

    private void reports(long bps, double loss, int seconds) {
        for (int i = 0; i < 5 * seconds; i++) {
            report(bps, loss);
        }
    }

    @Test
    void shouldReserveForTheLossOfSecondsAndNotOfAMoment() {
        reports(1_000_000, 0.08, 60);
        long steady = plan.availableBps();
        assertThat(steady).isCloseTo(1_000_000 - 30_000 - 30_000, within(1_000L));
        report(1_000_000, 0.12);
        assertThat(plan.availableBps()).isGreaterThan(steady - 2_000);
        reports(1_000_000, 0.12, 60);
        assertThat(plan.availableBps()).isCloseTo(1_000_000 - 30_000 - 70_000, within(1_000L));
        reports(1_000_000, 0.05, 90);
        assertThat(plan.availableBps()).as("covered by the margin").isCloseTo(1_000_000 - 30_000, within(1_000L));
    }

    @Test
    void shouldKeepTheMeasuredEstimateWhileThatOfANewPathIsAStartValue() {
        report(1_000_000, 0, false);
        assertThat(plan.availableBps()).as("nothing is measured").isNegative();
        reports(5_000_000, 0, 5);
        long available = plan.availableBps();
        report(1_000_000, 0, false);
        assertThat(plan.availableBps()).isEqualTo(available);
        report(2_000_000, 0);
        assertThat(plan.availableBps()).isEqualTo(2_000_000 - SPEECH_BPS);
    }

    @Test
    void shouldTellTheRouterWhenTheNextStepNeedsMoreThanItWasTold() {
        reports(800_000, 0, 20);
        plan.takeDemand(true);
        long told = plan.downlink().nextBps();
        assertThat(told).isGreaterThan(800_000);

        reports(800_000, 0.08, 60); // The step needs three percent more now, because more is resent.
        assertThat(plan.takeDemand(false))
                .as("news while the step was not reached")
                .isFalse();
        report(told + 1_000, 0.08);
        assertThat(plan.takeDemand(false)).isTrue();
        assertThat(plan.downlink().nextBps()).isGreaterThan(told + 1_000);
    }

    /** Returns what the present layer of the camera costs. */
    private long presentBps() {
        LayerLimit layer = plan.layers(CAMERA.track(), CAMERA.ladder());
        return CAMERA.ladder().points().stream()
                .filter(point -> point.spatial() == layer.spatialMax() && point.temporal() <= layer.temporalMax())
                .mapToLong(LadderPoint::bps)
                .max()
                .orElseThrow();
    }

    /** The estimate falls by a little, so the room keeps the layer for now and asks for a probe that may justify it. */
    @Test
    void shouldTellTheRouterWhatTheToleratedLayersCost() {
        reports(1_600_000, 0, 20);
        plan.takeDemand(true);
        long told = plan.downlink().nextBps();
        long kept = SPEECH_BPS + presentBps();

        report(kept - 20_000, 0);
        assertThat(plan.takeDemand(false)).isTrue();
        assertThat(plan.downlink().nextBps()).isBetween(kept - 20_000, told - 1);
        report(kept - 21_000, 0);
        assertThat(plan.takeDemand(false)).as("the same layers").isFalse();
    }
}
