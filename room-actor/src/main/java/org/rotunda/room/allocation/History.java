package org.rotunda.room.allocation;

/**
 * The recent past of a rate: tells the lowest value of any time that ends now. A value holds until the next one comes.
 * The values that are kept rise from the oldest to the newest, because an older value that is not below a newer one can
 * never be the lowest again.
 */
final class History {
    /** The number of values that are kept. If more would be needed, the two oldest count as the lower one of them. */
    static final int VALUES_MAX = 64;

    /** A value that is higher than the one before by less than this, in per cent, counts as equal to it. */
    static final int EQUAL_PERCENT = 1;

    private static final long STILL_HOLDS = Long.MAX_VALUE;

    private final long[] values = new long[VALUES_MAX];
    private final long[] untilNanos = new long[VALUES_MAX];
    private int size;

    /** Takes a new value, which holds from now on. */
    void set(long value, long nowNanos) {
        int kept = size;
        while (kept > 0 && values[kept - 1] >= value) {
            kept--;
        }
        if (kept == size && size > 0) {
            if (value - values[size - 1] < values[size - 1] / 100 * EQUAL_PERCENT) {
                return;
            }
            untilNanos[size - 1] = nowNanos;
        } else if (kept > 0 && untilNanos[kept - 1] == STILL_HOLDS) {
            throw new IllegalStateException("only the newest value holds");
        }
        size = kept;
        if (size == VALUES_MAX) {
            values[1] = values[0];
            System.arraycopy(values, 1, values, 0, size - 1);
            System.arraycopy(untilNanos, 1, untilNanos, 0, size - 1);
            size--;
        }
        values[size] = value;
        untilNanos[size] = STILL_HOLDS;
        size++;
    }

    /** Returns the lowest value of the time that ends now, or of all times if less is known; 0 before the first value. */
    long lowest(long windowNanos, long nowNanos) {
        for (int i = 0; i < size; i++) {
            if (isWithin(i, windowNanos, nowNanos)) {
                return values[i];
            }
        }
        return 0;
    }

    /** Returns when {@link #lowest} rises if the value does not change; {@link SubscriberPlan#NO_DEADLINE} if never. */
    long nextRiseNanos(long windowNanos, long nowNanos) {
        for (int i = 0; i < size - 1; i++) {
            if (isWithin(i, windowNanos, nowNanos)) {
                return untilNanos[i] + windowNanos;
            }
        }
        return SubscriberPlan.NO_DEADLINE;
    }

    /** Returns when the lowest value will have been at least this for the whole window, or no deadline. */
    long reachesNanos(long value, long windowNanos, long nowNanos) {
        for (int i = size - 1; i >= 0; i--) {
            if (values[i] < value) {
                return i == size - 1 ? SubscriberPlan.NO_DEADLINE : untilNanos[i] + windowNanos;
            }
        }
        return nowNanos;
    }

    private boolean isWithin(int i, long windowNanos, long nowNanos) {
        return untilNanos[i] == STILL_HOLDS || nowNanos - untilNanos[i] < windowNanos;
    }
}
