package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LossControlTest {
    private static final long MS = 1_000_000;

    private final LossControl loss = new LossControl(1_000_000, 30_000, 30e6);
    private long now;

    /** Sends at a rate for some time, 50 ms a message, with a share of loss. */
    private void send(double bps, double lost, double delayBps, double seconds) {
        for (int i = 0; i < seconds * 20; i++) {
            double bytes = bps / 8 / 20;
            long from = now;
            now += 50 * MS;
            loss.onFeedback(bytes * (1 - lost), bytes * lost, 0, from, now, bps * (1 - lost), delayBps, false);
        }
    }

    @Test
    void shouldFollowTheDelayWithoutLoss() {
        send(1_000_000, 0, 1_200_000, 5);
        assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
        assertThat(loss.limitedBps(1_200_000)).isEqualTo(1_200_000);
    }

    @Test
    void shouldBearRandomLoss() {
        for (int i = 0; i < 60; i++) {
            send(Math.min(2_000_000, loss.limitedBps(2_000_000)), 0.02, 2_000_000, 0.5);
        }
        assertThat(loss.limitedBps(2_000_000)).isGreaterThan(1_800_000);
        assertThat(loss.inherentLoss()).isBetween(0.01, 0.05);
    }

    @Test
    void shouldYieldToLossByOverload() {
        double capacity = 1_000_000;
        double rate = 2_000_000;
        for (int i = 0; i < 40; i++) {
            double lost = Math.max(0, 1 - capacity / rate);
            send(rate, lost, 2_000_000, 0.25);
            rate = loss.limitedBps(2_000_000);
        }
        assertThat(loss.limitedBps(2_000_000)).isBetween(700_000.0, 1_150_000.0);
        assertThat(loss.state()).isNotEqualTo(LossControl.State.DELAY);
    }

    @Test
    void shouldBoundTheRateAtOnceWhenLossIsHigh() {
        send(2_000_000, 0, 2_000_000, 3);
        send(400_000, 0.3, 2_000_000, 6);
        assertThat(loss.averageLoss()).isEqualTo(0.3, within(0.05));
        assertThat(loss.limitedBps(2_000_000)).isLessThan(500_000); // 100 kbit/s ÷ (0.3 − 0.05)
    }

    @Test
    void shouldNeedThreeObservations() {
        send(1_000_000, 0.5, 2_000_000, 0.5);
        assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
        assertThat(loss.limitedBps(2_000_000)).isEqualTo(2_000_000);
    }

    @Test
    void shouldTakeTheResultOfAProbeWhileLossDoesNotLimit() {
        send(2_000_000, 0.05, 2_000_000, 10);
        assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
        loss.onProbe(4_000_000);
        send(2_000_000, 0.05, 4_000_000, 0.5);
        assertThat(loss.limitedBps(4_000_000)).isEqualTo(4_000_000);
    }

    /** The loss control still remembers the higher rates of before, and must not see overload of the lower rate in them. */
    @Test
    void shouldNotTakeRandomLossForOverloadAfterTheDelayHasLoweredTheRate() {
        send(3_700_000, 0.05, 3_800_000, 5);
        assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
        for (int i = 0; i < 20; i++) {
            send(2_600_000, 0.05, 3_150_000, 0.5);
            assertThat(loss.inherentLoss()).isGreaterThan(0.03);
            assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
        }
    }

    @Test
    void shouldEndAHoldSoonAfterTheLoss() {
        for (int i = 0; i < 40; i++) { // The loss comes and goes, so the holds become long.
            send(loss.limitedBps(3_000_000), i % 4 == 0 ? 0.02 : 0.15, 3_000_000, 1);
        }
        double low = loss.limitedBps(3_000_000);
        assertThat(low).isLessThan(2_000_000);
        for (int i = 0; i < 40; i++) {
            send(loss.limitedBps(3_000_000), 0, 3_000_000, 0.25);
        }
        assertThat(loss.limitedBps(3_000_000)).isGreaterThan(1.3 * low);
    }

    @Test
    void shouldAllowProbesSoonAfterTheLossAlthoughTheSourceSendsLittle() {
        send(2_000_000, 0.15, 3_000_000, 8);
        double low = loss.limitedBps(3_000_000);
        send(low / 2, 0, 3_000_000, 8);
        assertThat(loss.limitedBps(3_000_000)).isLessThan(3_000_000);
        assertThat(loss.state()).isEqualTo(LossControl.State.INCREASING);
        loss.onProbe(1.5 * low);
        send(low / 2, 0, 3_000_000, 1);
        assertThat(loss.limitedBps(3_000_000)).isGreaterThanOrEqualTo(1.5 * low);
    }

    @Test
    void shouldNotTakeTheResultOfAProbeWhileLossLimits() {
        send(2_000_000, 0.3, 2_000_000, 5);
        double limited = loss.limitedBps(2_000_000);
        loss.onProbe(4_000_000);
        send(limited, 0.3, 4_000_000, 0.5);
        assertThat(loss.limitedBps(4_000_000)).isLessThan(2_000_000);
    }

    @Test
    void shouldReturnToTheDelayWhenTheLossEnds() {
        send(2_000_000, 0.3, 2_000_000, 5);
        assertThat(loss.limitedBps(2_000_000)).isLessThan(1_500_000);
        for (int i = 0; i < 200; i++) {
            send(loss.limitedBps(2_000_000), 0, 2_000_000, 0.25);
        }
        assertThat(loss.limitedBps(2_000_000)).isEqualTo(2_000_000);
        assertThat(loss.state()).isEqualTo(LossControl.State.DELAY);
    }

    @Test
    void shouldBoundTheInherentLossByTheBandwidth() {
        assertThat(LossModel.feasible(100_000, 1)).isEqualTo(1);
        assertThat(LossModel.feasible(1_000_000, 1)).isEqualTo(0.15, within(1e-9));
        assertThat(LossModel.feasible(1_000_000, 0)).isEqualTo(LossModel.INHERENT_MIN);
    }
}
