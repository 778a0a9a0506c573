package org.rotunda.media.feedback;

/**
 * Limits the requests for key frames that one subscriber can cause at a publisher. There are at most {@link
 * #REQUESTS_MAX} requests in {@link #INTERVAL_NANOS}. Without the limit, a broken decoder that keeps asking would lower
 * the quality for everyone. Each subscription has one budget. Owned by one event loop.
 */
public final class KeyFrameBudget {
    static final int REQUESTS_MAX = 3;
    static final long INTERVAL_NANOS = 10_000_000_000L;

    private final long[] takenNanos = new long[REQUESTS_MAX];
    private long taken;

    boolean tryTake(long nowNanos) {
        int slot = (int) (taken % REQUESTS_MAX);
        if (taken >= REQUESTS_MAX && nowNanos - takenNanos[slot] < INTERVAL_NANOS) {
            return false;
        }
        takenNanos[slot] = nowNanos;
        taken++;
        return true;
    }
}
