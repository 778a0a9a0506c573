package org.rotunda.media.congestion;

/**
 * Compares the trend of the delay with a threshold that adapts to the network (libwebrtc; the adaptation is that of
 * draft-ietf-rmcat-gcc-02 §5.4 with other gains). The threshold rises slowly while the trend is above it, so that
 * traffic which fills the queue again and again does not starve the flow. Owned by one event loop.
 */
final class OveruseDetector {
    /** What the delay tells about the use of the bottleneck. */
    enum Usage {
        NORMAL,
        OVERUSE,
        UNDERUSE
    }

    static final double THRESHOLD_START = 12.5;
    static final double THRESHOLD_MIN = 6;
    static final double THRESHOLD_MAX = 600;
    static final double GAIN_UP = 0.0087;
    static final double GAIN_DOWN = 0.039;

    /** A trend that is further above the threshold is an outlier, such as a change of route, and adapts nothing. */
    static final double OUTLIER = 15;

    static final double OVERUSE_MS = 10;
    static final double STEP_MS_MAX = 100;

    private Usage usage = Usage.NORMAL;
    private double threshold = THRESHOLD_START;
    private double previousTrend;
    private double overMs = -1; // How long the trend has been above the threshold; -1 if it is not.
    private int overCount;
    private long lastNanos;
    private boolean adapted;

    /** Handles a new trend. */
    void onTrend(TrendlineEstimator trendline, long sentDeltaNanos, long arrivalNanos) {
        if (trendline.groups() < 2) {
            usage = Usage.NORMAL;
            return;
        }
        double trend = trendline.trend();
        double modified = trendline.modifiedTrend();
        if (modified > threshold) {
            double sentDeltaMs = sentDeltaNanos / 1e6;
            overMs = overMs < 0 ? sentDeltaMs / 2 : overMs + sentDeltaMs;
            overCount++;
            if (overMs > OVERUSE_MS && overCount > 1 && trend >= previousTrend) {
                overMs = 0;
                overCount = 0;
                usage = Usage.OVERUSE;
            }
        } else {
            overMs = -1;
            overCount = 0;
            usage = modified < -threshold ? Usage.UNDERUSE : Usage.NORMAL;
        }
        previousTrend = trend;
        adapt(modified, arrivalNanos);
    }

    Usage usage() {
        return usage;
    }

    double threshold() {
        return threshold;
    }

    /** Forgets the state, but not the threshold, which belongs to the network. */
    void reset() {
        usage = Usage.NORMAL;
        previousTrend = 0;
        overMs = -1;
        overCount = 0;
        adapted = false;
    }

    private void adapt(double modified, long arrivalNanos) {
        double size = Math.abs(modified);
        if (adapted && size <= threshold + OUTLIER) {
            double gain = size < threshold ? GAIN_DOWN : GAIN_UP;
            double stepMs = Math.max(0, Math.min(STEP_MS_MAX, (arrivalNanos - lastNanos) / 1e6));
            threshold += gain * (size - threshold) * stepMs;
            threshold = Math.max(THRESHOLD_MIN, Math.min(THRESHOLD_MAX, threshold));
        }
        adapted = true;
        lastNanos = arrivalNanos;
    }
}
