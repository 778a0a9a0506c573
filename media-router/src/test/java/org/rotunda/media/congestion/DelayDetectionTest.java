package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rotunda.media.congestion.OveruseDetector.Usage;

/** The trend of the delay, and the threshold that it is compared with. */
class DelayDetectionTest {
    private static final long MS = 1_000_000;

    private final TrendlineEstimator trendline = new TrendlineEstimator();
    private final OveruseDetector detector = new OveruseDetector();
    private long arrival = 1_000 * MS;

    /** Adds groups that are sent each 20 ms and arrive with a delay that grows by so much per group. */
    private void groups(int count, double growthMs) {
        for (int i = 0; i < count; i++) {
            long delta = (long) ((20 + growthMs) * MS);
            arrival += delta;
            trendline.onGroup(20 * MS, delta, arrival);
            detector.onTrend(trendline, 20 * MS, arrival);
        }
    }

    @Test
    void shouldFindNoTrendBeforeTheWindowIsFull() {
        groups(TrendlineEstimator.WINDOW_GROUPS - 1, 5);
        assertThat(trendline.trend()).isZero();
        groups(1, 5);
        assertThat(trendline.trend()).isPositive();
    }

    @Test
    void shouldFindTheSlopeOfASteadyGrowth() {
        groups(200, 2);
        assertThat(trendline.trend()).isEqualTo(2.0 / 22, within(0.001));
        assertThat(trendline.modifiedTrend())
                .isEqualTo(trendline.trend() * TrendlineEstimator.TRUST_GROUPS * TrendlineEstimator.GAIN, within(1e-9));
    }

    @Test
    void shouldStayNormalWhileTheDelayIsSteady() {
        groups(500, 0);
        assertThat(detector.usage()).isEqualTo(Usage.NORMAL);
        assertThat(detector.threshold()).isEqualTo(OveruseDetector.THRESHOLD_MIN);
    }

    @Test
    void shouldDetectGrowthAndThenTheEmptyingOfTheQueue() {
        groups(40, 0);
        groups(20, 4);
        assertThat(detector.usage()).isEqualTo(Usage.OVERUSE);
        groups(40, -4);
        assertThat(detector.usage()).isEqualTo(Usage.UNDERUSE);
        groups(60, 0);
        assertThat(detector.usage()).isEqualTo(Usage.NORMAL);
    }

    @Test
    void shouldIgnoreASingleLateGroup() {
        groups(60, 0);
        groups(1, 30);
        groups(1, -30);
        groups(20, 0);
        assertThat(detector.usage()).isNotEqualTo(Usage.OVERUSE);
    }

    @Test
    void shouldRaiseTheThresholdSlowlyWhileTheTrendIsAboveIt() {
        groups(60, 0);
        double before = detector.threshold();
        // The trend is above the threshold by less than an outlier: 60 · 4 · slope is about 12.
        groups(60, 1.05);
        assertThat(detector.threshold()).isGreaterThan(before);
        double raised = detector.threshold();
        groups(200, 0);
        assertThat(detector.threshold()).isLessThan(raised);
    }

    @Test
    void shouldNotAdaptToOutliers() {
        groups(60, 0);
        double before = detector.threshold();
        groups(3, 10_000);
        assertThat(trendline.modifiedTrend()).isGreaterThan(before + OveruseDetector.OUTLIER);
        assertThat(detector.threshold()).isEqualTo(before);
    }
}
