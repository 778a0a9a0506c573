package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.junit.jupiter.api.Test;

class DownlinkControllerTest {
    private static final long MS = VirtualTime.MS;

    private final VirtualTime time = new VirtualTime();
    private final SimulatedBottleneck link = new SimulatedBottleneck(time, 3_000_000, 1);
    private final SimulatedFlow flow = new SimulatedFlow(time, new SimulatedFlow.Network(link, null, 30 * MS, 0), 2);
    private final DownlinkController controller = flow.controller();

    private void run(double seconds) {
        time.runUntilSecond(time.seconds() + seconds);
    }

    @Test
    void shouldWantNothingBeforeAnythingIsSent() {
        assertThat(controller.estimateBps()).isEqualTo(DownlinkController.START_BPS);
        assertThat(controller.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        assertThat(controller.probeBytesDue(time.now())).isZero();
        assertThat(controller.isSampled()).isFalse();
        assertThat(controller.rttMillis()).isEqualTo(-1);
    }

    @Test
    void shouldMeasureThePath() {
        flow.start();
        run(5);
        assertThat(controller.isSampled()).isTrue();
        assertThat(controller.estimateBps()).isGreaterThan(2_000_000);
        assertThat(controller.rttMillis()).isBetween(60, 130);
        assertThat(controller.loss()).isLessThan(0.01);
        assertThat(controller.queueMillis()).isLessThan(30);
        assertThat(controller.acknowledgedBps()).isGreaterThan(1_900_000);
        assertThat(controller.sentBps(time.now())).isGreaterThan(1_900_000);
        assertThat(controller.pacingBps()).isEqualTo(controller.estimateBps() * 5 / 2);
        assertThat(controller.isFeedbackLate(time.now())).isFalse();
        assertThat(controller.statistics().feedbacks()).isGreaterThan(50);
        assertThat(controller.statistics().probes()).isPositive();
    }

    @Test
    void shouldBeCappedByTheReceiverAtOnceAndFreeAgain() {
        flow.start();
        run(5);
        controller.onRemb(400_000, time.now());
        assertThat(controller.estimateBps()).isEqualTo(400_000);
        run(3);
        assertThat(controller.estimateBps()).isEqualTo(400_000);
        controller.onRemb(1, time.now());
        assertThat(controller.estimateBps()).isEqualTo(DownlinkController.MIN_BPS);
        controller.onRemb(Long.MAX_VALUE, time.now());
        run(10);
        assertThat(controller.estimateBps()).isGreaterThan(2_000_000);
    }

    @Test
    void shouldKeepTheEstimateWhileOnlyAudioIsSent() {
        flow.start();
        run(10);
        long before = controller.estimateBps();
        flow.audioOnly();
        run(60);
        assertThat(controller.estimateBps()).isGreaterThan(before * 8 / 10);
        assertThat(controller.acknowledgedBps()).isLessThan(60_000);
    }

    @Test
    void shouldSeeACollapseWhileOnlyAudioIsSent() {
        flow.start();
        run(10);
        flow.audioOnly();
        run(5);
        long before = controller.estimateBps();
        link.setRate(35_000);
        run(30);
        assertThat(controller.estimateBps()).isLessThan(before / 2);
    }

    @Test
    void shouldBackOffWithoutFeedbackAndRecover() {
        flow.start();
        run(10);
        long before = controller.estimateBps();
        link.setLoss(1);
        run(1);
        assertThat(controller.isFeedbackLate(time.now())).isTrue();
        assertThat(controller.estimateBps()).isEqualTo(before);
        run(9);
        assertThat(controller.estimateBps()).isLessThan(before / 2);
        assertThat(controller.statistics().backOffs()).isGreaterThan(4);
        link.setLoss(0);
        run(20);
        assertThat(controller.estimateBps()).isGreaterThan(before * 8 / 10);
    }

    @Test
    void shouldRestartOnANewRoute() {
        flow.start();
        run(10);
        assertThat(controller.estimateBps()).isGreaterThan(2_000_000);
        link.setRate(600_000);
        controller.onRouteChanged(time.now());
        assertThat(controller.estimateBps()).isEqualTo(DownlinkController.START_BPS);
        run(10);
        assertThat(controller.estimateBps()).isBetween(400_000L, 720_000L);
    }

    @Test
    void shouldUseReportsAndReceiverEstimatesWithoutTransportWideFeedback() {
        controller.setDemand(2_500_000, 0, 0, time.now());
        for (int i = 0; i < 1_000; i++) {
            time.runUntilSecond(time.seconds() + 0.01);
            controller.onSent(DownlinkController.NO_SEQUENCE, 1_200, false, time.now());
            controller.onTimeout(time.now());
            assertThat(controller.probeBytesDue(time.now())).isZero(); // Nothing could measure a probe.
            if (i % 100 == 99) {
                controller.onLossReport(100, 0, time.now());
            }
        }
        assertThat(controller.isSampled()).isFalse();
        assertThat(controller.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        assertThat(controller.estimateBps()).isGreaterThan(1_200_000);
        controller.onRemb(2_000_000, time.now());
        assertThat(controller.estimateBps()).isEqualTo(2_000_000);
        controller.onRemb(700_000, time.now());
        assertThat(controller.estimateBps()).isEqualTo(700_000);
        controller.onLossReport(100, 30, time.now());
        assertThat(controller.loss()).isGreaterThan(0.02);
        assertThat(controller.estimateBps()).isEqualTo(700_000); // 0.85 · 2,000 kbit/s is above the receiver's limit.
    }

    @Test
    void shouldSendNoProbesWithoutDemand() {
        flow.withoutProbes().start();
        run(20);
        assertThat(controller.statistics().probes()).isZero();
        assertThat(controller.estimateBps()).isGreaterThan(1_500_000);
    }
}
