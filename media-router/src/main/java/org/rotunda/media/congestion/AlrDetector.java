package org.rotunda.media.congestion;

/**
 * Detects the application-limited region: less is sent than the estimate allows, so a higher capacity could not be seen
 * (libwebrtc, {@code AlrDetector}, with the constants of that class). A budget of {@link #WINDOW_NANOS} is filled at
 * {@link #USE} of the estimate and spent by media; padding of probes is no media. It has two thresholds: the region
 * begins above the one and ends below the other. Owned by one event loop.
 */
final class AlrDetector {
    static final double USE = 0.65;
    static final double ENTER = 0.80;
    static final double LEAVE = 0.50;
    static final long WINDOW_NANOS = 500_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final double use;
    private double bitsPerNano;
    private double remainingBits;
    private long lastNanos = NEVER;
    private boolean limited;
    private long endedNanos = NEVER;

    /** @param use the share of the estimate at which the budget is filled */
    AlrDetector(double estimateBps, double use) {
        this.use = use;
        setEstimate(estimateBps);
    }

    void setEstimate(double bps) {
        bitsPerNano = bps * use / 1e9;
    }

    /** Handles media that leaves now. */
    void onSent(int sizeBytes, long nowNanos) {
        if (lastNanos == NEVER) {
            lastNanos = nowNanos; // The time that the first packet covers is unknown.
            return;
        }
        remainingBits = Math.max(-windowBits(), remainingBits - sizeBytes * 8.0);
        update(nowNanos);
    }

    /** Lets time pass without media. */
    void update(long nowNanos) {
        if (lastNanos == NEVER) {
            return;
        }
        remainingBits = Math.min(windowBits(), remainingBits + bitsPerNano * (nowNanos - lastNanos));
        lastNanos = nowNanos;
        double ratio = remainingBits / windowBits();
        if (!limited && ratio > ENTER) {
            limited = true;
        } else if (limited && ratio < LEAVE) {
            limited = false;
            endedNanos = nowNanos;
        }
    }

    boolean isLimited() {
        return limited;
    }

    /** Returns whether the sender is in the region now, or left it less than the given time ago. */
    boolean wasLimitedWithin(long nanos, long nowNanos) {
        return limited || (endedNanos != NEVER && nowNanos - endedNanos < nanos);
    }

    private double windowBits() {
        return bitsPerNano * WINDOW_NANOS;
    }
}
