package org.rotunda.room.allocation;

import static org.rotunda.room.allocation.SubscriberPlan.NO_DEADLINE;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether loss or delay shows that a subscriber's path is congested. It counts only in the switch-off mode
 * {@link BandwidthProfile.SwitchOffMode#DETECTED}.
 */
final class Congestion {
    /** Loss of at least this share for {@link #CONFIRM_NANOS} shows congestion. */
    static final double LOSS_MIN = 0.08;

    /** Congestion is over when the loss is below this share and the queue is short again. */
    static final double LOSS_OVER = 0.04;

    /** A longer queue for {@link #CONFIRM_NANOS} shows congestion. */
    static final int QUEUE_MAX_MILLIS = 300;

    static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long lossSinceNanos = NO_DEADLINE;
    private long queueSinceNanos = NO_DEADLINE;
    private boolean confirmed;

    /** Takes a report. What it says holds until the next one. */
    void onReport(double loss, int queueMillis, long nowNanos) {
        lossSinceNanos = since(loss >= LOSS_MIN, lossSinceNanos, nowNanos);
        queueSinceNanos = since(queueMillis > QUEUE_MAX_MILLIS, queueSinceNanos, nowNanos);
        if (loss < LOSS_OVER && queueMillis <= QUEUE_MAX_MILLIS) {
            confirmed = false;
        }
        onTimeout(nowNanos);
    }

    void onTimeout(long nowNanos) {
        confirmed |= isDue(lossSinceNanos, nowNanos) || isDue(queueSinceNanos, nowNanos);
    }

    /** Returns whether the path is congested. */
    boolean isConfirmed() {
        return confirmed;
    }

    long nextDeadlineNanos() {
        long since = Math.min(lossSinceNanos, queueSinceNanos);
        return confirmed || since == NO_DEADLINE ? NO_DEADLINE : since + CONFIRM_NANOS;
    }

    private static long since(boolean holds, long sinceNanos, long nowNanos) {
        if (!holds) {
            return NO_DEADLINE;
        }
        return sinceNanos == NO_DEADLINE ? nowNanos : sinceNanos;
    }

    private static boolean isDue(long sinceNanos, long nowNanos) {
        return sinceNanos != NO_DEADLINE && nowNanos - sinceNanos >= CONFIRM_NANOS;
    }
}
