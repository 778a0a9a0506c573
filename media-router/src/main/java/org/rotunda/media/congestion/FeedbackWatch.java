package org.rotunda.media.congestion;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Watches round-trip times and missing feedback (libwebrtc, {@code RttBasedBackoff}). If packets have been sent for
 * {@link #BACK_OFF_NANOS} without feedback, or the round trip is that long, the estimate is lowered step by step: the
 * path may be dead or hopelessly full. Owned by one event loop.
 */
final class FeedbackWatch {
    static final long LATE_NANOS = 500_000_000;
    static final long BACK_OFF_NANOS = 3_000_000_000L;
    static final long STEP_NANOS = 1_000_000_000;
    static final double STEP = 0.8;

    private static final double RTT_WEIGHT = 0.125; // As for TCP, RFC 6298 §2.
    private static final long NONE = Long.MIN_VALUE;

    private long firstUnanswered = NONE; // When the first packet after the last feedback was sent.
    private long lastSent = NONE;
    private double rttNanos = -1;
    private long latestRttNanos;
    private long dueNanos = NO_DEADLINE;

    void onSent(long nowNanos) {
        lastSent = nowNanos;
        if (firstUnanswered == NONE) {
            firstUnanswered = nowNanos;
            if (dueNanos == NO_DEADLINE) {
                dueNanos = nowNanos + BACK_OFF_NANOS;
            }
        }
    }

    /** Handles feedback. What was sent in the last round trip cannot be answered yet and is no reason to worry. */
    void onFeedback() {
        firstUnanswered = NONE;
        if (latestRttNanos < BACK_OFF_NANOS) {
            dueNanos = NO_DEADLINE;
        }
    }

    void onRtt(long nanos, long nowNanos) {
        latestRttNanos = nanos;
        rttNanos = rttNanos < 0 ? (double) nanos : rttNanos + RTT_WEIGHT * (nanos - rttNanos);
        if (nanos >= BACK_OFF_NANOS && dueNanos == NO_DEADLINE) {
            dueNanos = nowNanos + STEP_NANOS;
        }
    }

    /** Returns whether the estimate must be lowered by one {@link #STEP} now. */
    boolean onTimeout(long nowNanos) {
        if (dueNanos > nowNanos) {
            return false;
        }
        if (!isBad()) {
            firstUnanswered = NONE; // Too little was sent to expect an answer. The next packet begins anew.
            dueNanos = NO_DEADLINE;
            return false;
        }
        dueNanos = nowNanos + STEP_NANOS;
        return true;
    }

    /** Returns whether packets wait for feedback for so long that the estimate must not be trusted upwards. */
    boolean isLate(long nowNanos) {
        return firstUnanswered != NONE && nowNanos - firstUnanswered > LATE_NANOS + Math.max(0, (long) rttNanos);
    }

    /** Returns whether the estimate is being lowered. */
    boolean isBad() {
        return latestRttNanos >= BACK_OFF_NANOS
                || (firstUnanswered != NONE && lastSent - firstUnanswered >= BACK_OFF_NANOS - STEP_NANOS);
    }

    /** Returns the smoothed round-trip time, or -1. */
    long rttNanos() {
        return (long) rttNanos;
    }

    long nextDeadlineNanos() {
        return dueNanos;
    }

    void reset() {
        firstUnanswered = NONE;
        lastSent = NONE;
        rttNanos = -1;
        latestRttNanos = 0;
        dueNanos = NO_DEADLINE;
    }
}
