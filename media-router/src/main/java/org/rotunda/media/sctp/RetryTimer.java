package org.rotunda.media.sctp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * One of the timers T1-init, T1-cookie and T2-shutdown. The time-out doubles from the initial value to the cap (RFC
 * 9260 §5.1, §9.2).
 */
final class RetryTimer {
    private final long initialNanos;
    private final long maxNanos;
    private long intervalNanos;
    private long deadlineNanos = NO_DEADLINE;

    RetryTimer(SctpSettings settings) {
        initialNanos = settings.rtoInitialMs() * 1_000_000L;
        maxNanos = settings.rtoMaxMs() * 1_000_000L;
    }

    void start(long nowNanos) {
        intervalNanos = initialNanos;
        deadlineNanos = nowNanos + intervalNanos;
    }

    void stop() {
        deadlineNanos = NO_DEADLINE;
    }

    /** Returns whether the timer has expired. An expired timer starts again with twice the time-out. */
    boolean hasExpired(long nowNanos) {
        if (nowNanos < deadlineNanos) {
            return false;
        }
        intervalNanos = Math.min(maxNanos, 2 * intervalNanos);
        deadlineNanos = nowNanos + intervalNanos;
        return true;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }
}
