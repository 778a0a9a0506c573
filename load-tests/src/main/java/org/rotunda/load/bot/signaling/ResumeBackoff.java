package org.rotunda.load.bot.signaling;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** When a lost socket is replaced: after random times that grow, with full jitter, until the session would be over. On the client's executor. */
final class ResumeBackoff {
    /** No try any more. */
    static final long GIVEN_UP = -1;

    private static final int START_MS = 80;
    private static final double FACTOR = 1.5;
    private static final int MAX_MS = 10_000;

    private long sessionTimeoutMs = 30_000; // Until the server has said.
    private long lostNanos;
    private double rangeMs;

    /** How long the server keeps a session whose socket is lost. */
    void setSessionTimeout(long timeoutMs) {
        sessionTimeoutMs = timeoutMs;
    }

    void onLost(long nowNanos) {
        lostNanos = nowNanos;
        rangeMs = START_MS;
    }

    /** How long to wait before the next try, or {@link #GIVEN_UP}. */
    long nextDelayMs(long nowNanos) {
        if (TimeUnit.NANOSECONDS.toMillis(nowNanos - lostNanos) >= sessionTimeoutMs) {
            return GIVEN_UP;
        }
        long delayMs = ThreadLocalRandom.current().nextLong(1 + (long) rangeMs);
        rangeMs = Math.min(MAX_MS, rangeMs * FACTOR);
        return delayMs;
    }
}
