package org.rotunda.media.congestion;

/** The share of lost packets, smoothed over about {@link #NANOS}. Owned by one event loop. */
final class LossRatio {
    static final double NANOS = 1e9;

    private double lost;
    private double all;
    private long lastNanos = Long.MIN_VALUE;

    /** Counts packets. A negative number of lost ones takes back what was counted too early. */
    void add(long received, long newlyLost, long nowNanos) {
        if (lastNanos != Long.MIN_VALUE) {
            double kept = NANOS / (NANOS + Math.max(0, nowNanos - lastNanos));
            lost *= kept;
            all *= kept;
        }
        lastNanos = nowNanos;
        lost = Math.max(0, lost + newlyLost);
        all += received + Math.max(0, newlyLost);
    }

    /** Returns the share, 0 to 1. */
    double ratio() {
        return all <= 0 ? 0 : Math.min(1, lost / all);
    }

    void reset() {
        lost = 0;
        all = 0;
    }
}
