package org.rotunda.media.congestion;

/**
 * The estimate of what the bottleneck carries, learnt from the acknowledged rate when the delay rises and from probes
 * (libwebrtc, {@code LinkCapacityEstimator}; draft-ietf-rmcat-gcc-02 §5.5 uses the same average and deviation). Owned by
 * one event loop.
 */
final class LinkCapacity {
    static final double OVERUSE_WEIGHT = 0.05;
    static final double DEVIATION_MIN = 0.4;
    static final double DEVIATION_MAX = 2.5;
    static final double BOUND_DEVIATIONS = 3;

    private static final double UNKNOWN = -1;

    private double kbps = UNKNOWN;
    private double deviation = DEVIATION_MIN; // The variance divided by the estimate, in kbit/s.

    void onOveruse(double acknowledgedBps) {
        update(acknowledgedBps / 1e3, OVERUSE_WEIGHT);
    }

    boolean isKnown() {
        return kbps >= 0;
    }

    double bps() {
        return kbps * 1e3;
    }

    /** Returns the highest rate that fits the estimate, or infinity if there is none. */
    double upperBps() {
        return isKnown() ? (kbps + BOUND_DEVIATIONS * deviationKbps()) * 1e3 : Double.POSITIVE_INFINITY;
    }

    /** Returns the lowest rate that fits the estimate. */
    double lowerBps() {
        return isKnown() ? Math.max(0, (kbps - BOUND_DEVIATIONS * deviationKbps()) * 1e3) : 0;
    }

    /** Forgets the estimate, not the deviation. */
    void reset() {
        kbps = UNKNOWN;
    }

    private void update(double sampleKbps, double weight) {
        kbps = isKnown() ? (1 - weight) * kbps + weight * sampleKbps : sampleKbps;
        double error = kbps - sampleKbps;
        deviation = (1 - weight) * deviation + weight * error * error / Math.max(kbps, 1);
        deviation = Math.max(DEVIATION_MIN, Math.min(DEVIATION_MAX, deviation));
    }

    private double deviationKbps() {
        return Math.sqrt(deviation * kbps);
    }
}
