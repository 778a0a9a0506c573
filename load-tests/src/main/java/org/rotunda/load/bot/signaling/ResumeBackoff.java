package org.rotunda.load.bot.signaling;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Computes the delays between attempts to replace a lost socket, with exponential backoff and full jitter. The attempts
 * end when the session has expired. Used on the client's executor.
 */
final class ResumeBackoff {
    /** The result of {@link #nextDelayMs} after the session has expired. The client then makes no further attempt. */
    static final long GIVEN_UP = -1;

    private static final int START_MS = 80;
    private static final double FACTOR = 1.5;
    private static final int MAX_MS = 10_000;

    // The default applies until the server has sent its session timeout.
    private long sessionTimeoutMs = 30_000;
    private long lostNanos;
    private double rangeMs;

    /** Sets the time for which the server keeps a session after its socket is lost. */
    void setSessionTimeout(long timeoutMs) {
        sessionTimeoutMs = timeoutMs;
    }

    void onLost(long nowNanos) {
        lostNanos = nowNanos;
        rangeMs = START_MS;
    }

    /** Returns the delay before the next attempt, or {@link #GIVEN_UP}. */
    long nextDelayMs(long nowNanos) {
        if (TimeUnit.NANOSECONDS.toMillis(nowNanos - lostNanos) >= sessionTimeoutMs) {
            return GIVEN_UP;
        }
        long delayMs = ThreadLocalRandom.current().nextLong(1 + (long) rangeMs);
        rangeMs = Math.min(MAX_MS, rangeMs * FACTOR);
        return delayMs;
    }
}
