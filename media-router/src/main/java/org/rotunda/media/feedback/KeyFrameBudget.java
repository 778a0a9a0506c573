package org.rotunda.media.feedback;

/**
 * Limits the requests for key frames that one subscriber can cause at a publisher. There are at most {@link
 * #REQUESTS_MAX} requests at once, and then one each {@link #REFILL_NANOS}. Without the limit, a broken decoder that
 * keeps asking would lower the quality for everyone. Each subscription has one budget. Owned by one event loop.
 */
public final class KeyFrameBudget {
    static final int REQUESTS_MAX = 3;

    /** The time after which one used request is allowed again: three requests in ten seconds on average. */
    static final long REFILL_NANOS = 10_000_000_000L / REQUESTS_MAX;

    private long fullNanos = Long.MIN_VALUE / 2; // The time at which all requests are allowed again.

    boolean tryTake(long nowNanos) {
        if (nowNanos < nextNanos()) {
            return false;
        }
        fullNanos = Math.max(nowNanos, fullNanos) + REFILL_NANOS;
        return true;
    }

    /** Returns the time from which the next request is allowed. */
    long nextNanos() {
        return fullNanos - (REQUESTS_MAX - 1) * REFILL_NANOS;
    }
}
