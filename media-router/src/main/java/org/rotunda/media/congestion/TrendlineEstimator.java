package org.rotunda.media.congestion;

/**
 * Finds the slope of the one-way delay by linear regression over the last groups of packets (libwebrtc, {@code
 * TrendlineEstimator}; it replaced the Kalman filter of draft-ietf-rmcat-gcc-02 §5.3). Owned by one event loop.
 */
final class TrendlineEstimator {
    /** The number of groups in the regression. */
    static final int WINDOW_GROUPS = 20;

    static final double SMOOTHING = 0.9;
    static final double GAIN = 4.0;

    /** The number of groups up to which the trend is trusted less, because there are too few. */
    static final int TRUST_GROUPS = 60;

    private final double[] times = new double[WINDOW_GROUPS];
    private final double[] delays = new double[WINDOW_GROUPS];
    private int groups;
    private int size;
    private int at;
    private double accumulated;
    private double smoothed;
    private double trend;
    private long firstArrival;

    /** Adds the difference of two groups. */
    void onGroup(long sentDeltaNanos, long arrivalDeltaNanos, long arrivalNanos) {
        if (groups == 0) {
            firstArrival = arrivalNanos;
        }
        groups = Math.min(groups + 1, 1_000);
        accumulated += (arrivalDeltaNanos - sentDeltaNanos) / 1e6;
        smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * accumulated;
        times[at] = (arrivalNanos - firstArrival) / 1e6;
        delays[at] = smoothed;
        at = (at + 1) % WINDOW_GROUPS;
        size = Math.min(size + 1, WINDOW_GROUPS);
        if (size == WINDOW_GROUPS) {
            trend = slope(trend);
        }
    }

    /** Returns the slope of the delay: 0 if it is steady, 0.1 if it grows by 100 ms in a second. */
    double trend() {
        return trend;
    }

    /** Returns the slope in the scale that {@link OveruseDetector} compares with its threshold. */
    double modifiedTrend() {
        return Math.min(groups, TRUST_GROUPS) * trend * GAIN;
    }

    /** Returns the number of groups so far, at most 1,000. */
    int groups() {
        return groups;
    }

    void reset() {
        groups = 0;
        size = 0;
        at = 0;
        accumulated = 0;
        smoothed = 0;
        trend = 0;
    }

    private double slope(double otherwise) {
        double meanTime = 0;
        double meanDelay = 0;
        for (int i = 0; i < WINDOW_GROUPS; i++) {
            meanTime += times[i];
            meanDelay += delays[i];
        }
        meanTime /= WINDOW_GROUPS;
        meanDelay /= WINDOW_GROUPS;
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < WINDOW_GROUPS; i++) {
            double time = times[i] - meanTime;
            numerator += time * (delays[i] - meanDelay);
            denominator += time * time;
        }
        return denominator == 0 ? otherwise : numerator / denominator;
    }
}
