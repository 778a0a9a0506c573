package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rotunda.media.congestion.OveruseDetector.Usage;

class RateControlTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MS = 1_000_000;

    private RateControl at(double bps) {
        return new RateControl(bps, 5_000, 30e6, 0);
    }

    /** Scenario R6: additive growth and the expected period after a decrease from 264 to 216 kbit/s. */
    @Test
    void shouldGrowByTwelveKilobitsPerSecondAt216() {
        RateControl rate = at(264_000);
        rate.onUsage(Usage.OVERUSE, 260_000, 260_000, false, SECOND); // 0.85 · 260 − 5 = 216.
        assertThat(rate.bps()).isEqualTo(216_000, within(1.0));
        assertThat(rate.additiveBpsPerSecond()).isEqualTo(12_000, within(1.0));
        assertThat(rate.expectedPeriodSeconds()).isEqualTo(4.0, within(0.01));
    }

    @Test
    void shouldGrowByOnePacketInTwoResponseTimesNearTheCapacity() {
        RateControl rate = at(1_000_000);
        rate.onRtt(100 * MS);
        assertThat(rate.additiveBpsPerSecond()).isEqualTo(20_833, within(1.0));
        RateControl slow = at(30_000);
        slow.onRtt(2_000 * MS);
        assertThat(slow.additiveBpsPerSecond()).isEqualTo(RateControl.ADDITIVE_BPS_MIN);
    }

    @Test
    void shouldGrowByEightPercentPerSecondWhileTheCapacityIsUnknown() {
        RateControl rate = at(1_000_000);
        for (int i = 0; i <= 20; i++) {
            rate.onUsage(Usage.NORMAL, 1_000_000, 1_000_000, false, SECOND + i * (50 * MS));
        }
        assertThat(rate.bps()).isEqualTo(1_080_000, within(1_500.0));
    }

    @Test
    void shouldNotGrowAboveOneAndAHalfTimesWhatArrives() {
        RateControl rate = at(1_000_000);
        for (int i = 0; i < 2_000; i++) {
            rate.onUsage(Usage.NORMAL, 800_000, 800_000, false, i * (50 * MS));
        }
        assertThat(rate.bps()).isEqualTo(1_210_000, within(1.0));
    }

    @Test
    void shouldNotGrowWhileTheSenderIsLimitedByItsSource() {
        RateControl rate = at(1_000_000);
        for (int i = 0; i < 200; i++) {
            rate.onUsage(Usage.NORMAL, 900_000, 900_000, true, i * (50 * MS));
        }
        assertThat(rate.bps()).isEqualTo(1_000_000);
    }

    @Test
    void shouldHoldWhileTheQueueEmpties() {
        RateControl rate = at(1_000_000);
        rate.onUsage(Usage.OVERUSE, 900_000, 900_000, false, SECOND);
        double decreased = rate.bps();
        rate.onUsage(Usage.UNDERUSE, 900_000, 900_000, false, 2 * SECOND);
        rate.onUsage(Usage.UNDERUSE, 900_000, 900_000, false, 5 * SECOND);
        assertThat(rate.bps()).isEqualTo(decreased);
        rate.onUsage(Usage.NORMAL, 900_000, 900_000, false, 6 * SECOND);
        assertThat(rate.bps()).isEqualTo(decreased); // The time of the hold is no time of growth.
        rate.onUsage(Usage.NORMAL, 900_000, 900_000, false, 7 * SECOND);
        assertThat(rate.bps()).isGreaterThan(decreased);
    }

    @Test
    void shouldDecreaseAgainOnlyAfterARoundTripOrACollapse() {
        RateControl rate = at(1_000_000);
        rate.onRtt(150 * MS);
        assertThat(rate.onUsage(Usage.OVERUSE, 1_000_000, 1_000_000, false, SECOND))
                .isTrue();
        assertThat(rate.bps()).isEqualTo(845_000, within(1.0));
        assertThat(rate.onUsage(Usage.OVERUSE, 800_000, 800_000, false, SECOND + 149 * MS))
                .isFalse();
        assertThat(rate.onUsage(Usage.OVERUSE, 400_000, 400_000, false, SECOND + 149 * MS))
                .isTrue();
        assertThat(rate.bps()).isEqualTo(335_000, within(1.0));
        assertThat(rate.onUsage(Usage.OVERUSE, 300_000, 300_000, false, SECOND + 299 * MS))
                .isTrue();
    }

    @Test
    void shouldNeverRaiseTheRateByADecrease() {
        RateControl rate = at(500_000);
        rate.onUsage(Usage.OVERUSE, 2_000_000, 2_000_000, false, SECOND);
        assertThat(rate.bps()).isEqualTo(500_000);
    }

    @Test
    void shouldHalveTheRateIfNothingIsKnownToArrive() {
        RateControl rate = at(500_000);
        rate.onUsage(Usage.OVERUSE, 0, 0, false, SECOND);
        assertThat(rate.bps()).isEqualTo(250_000);
    }

    @Test
    void shouldLowerAnIdleRateByAShareOfItself() {
        RateControl rate = at(2_000_000);
        assertThat(rate.onUsage(Usage.OVERUSE, 40_000, 40_000, true, SECOND)).isTrue();
        assertThat(rate.bps()).isEqualTo(1_700_000, within(1.0)); // Not 29 kbit/s.
        assertThat(rate.onUsage(Usage.OVERUSE, 40_000, 40_000, true, SECOND + 500 * MS))
                .isFalse();
    }

    @Test
    void shouldFollowACapacityThatFallsFarBelowWhatIsSent() {
        RateControl rate = at(10_000_000);
        assertThat(rate.onUsage(Usage.OVERUSE, 600_000, 5_500_000, true, SECOND))
                .isTrue();
        assertThat(rate.bps()).isEqualTo(0.85 * 600_000 - 5_000, within(1.0));
    }

    @Test
    void shouldHoldWhenTold() {
        RateControl rate = at(1_000_000);
        rate.onUsage(Usage.NORMAL, 1_000_000, 1_000_000, false, SECOND);
        double before = rate.bps();
        rate.hold(5 * SECOND);
        rate.onUsage(Usage.NORMAL, 1_000_000, 1_000_000, false, 5 * SECOND);
        assertThat(rate.bps()).isEqualTo(before, within(1_001.0)); // The time before it does not count.
    }

    @Test
    void shouldForgetTheCapacityWhenMoreArrives() {
        RateControl rate = at(1_000_000);
        rate.onUsage(Usage.OVERUSE, 1_000_000, 1_000_000, false, SECOND);
        assertThat(rate.capacity().isKnown()).isTrue();
        rate.onUsage(Usage.NORMAL, 2_000_000, 2_000_000, false, 2 * SECOND);
        assertThat(rate.capacity().isKnown()).isFalse();
    }

    @Test
    void capacityShouldAverageAndBoundItsSamples() {
        LinkCapacity capacity = new LinkCapacity();
        assertThat(capacity.upperBps()).isInfinite();
        assertThat(capacity.lowerBps()).isZero();
        capacity.onOveruse(1_000_000);
        capacity.onOveruse(900_000);
        assertThat(capacity.bps()).isEqualTo(995_000, within(1.0));
        // The deviation is at its upper clamp: 3 · √(2.5 · 995) kbit/s.
        assertThat(capacity.upperBps()).isBetween(1_050_000.0, 1_150_000.0);
        assertThat(capacity.lowerBps()).isBetween(840_000.0, 940_000.0);
    }
}
