package org.rotunda.load.bot.signaling;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The delays before the attempts to replace a lost socket: exponential backoff with full jitter until the session has
 * expired. Used on the client's executor.
 */
final class ResumeBackoff {
    /** The session has expired, so no further attempt is made. */
    static final long GIVEN_UP = -1;

    private static final int START_MS = 80;
    private static final double FACTOR = 1.5;
    private static final int MAX_MS = 10_000;

    private long sessionTimeoutMs = 30_000; // The default until the server has sent its own.
    private long lostNanos;
    private double rangeMs;

    /** Sets how long the server keeps a session whose socket is lost. */
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
