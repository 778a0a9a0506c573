package org.rotunda.media.control;

import java.util.Collections;
import java.util.List;

/**
 * A histogram of packet delays. Every distribution has the same buckets: four for each doubling of the delay between 8
 * µs and 1 s. A percentile is therefore known to within a quarter of its value. Interpolation within the bucket makes
 * the percentile more precise.
 *
 * @param counts the count of each of the {@link #BUCKETS} buckets, not cumulative
 * @param sumNanos the sum of all delays
 */
public record DelayDistribution(List<Long> counts, long sumNanos) {
    private static final int SHORTEST_BITS = 13; // Delays up to 2^13 ns share the first bucket.
    private static final int LONGEST_BITS = 30; // Delays above 2^30 ns share the last bucket.
    private static final int STEP_BITS = 2; // Four buckets for each doubling.

    public static final int BUCKETS = ((LONGEST_BITS - SHORTEST_BITS) << STEP_BITS) + 2;

    public static final DelayDistribution NONE = new DelayDistribution(Collections.nCopies(BUCKETS, 0L), 0);

    public DelayDistribution {
        counts = List.copyOf(counts);
        if (counts.size() != BUCKETS) {
            throw new IllegalArgumentException(counts.size() + " buckets instead of " + BUCKETS);
        }
    }

    /** Returns the index of the bucket that holds a delay. */
    public static int bucketOf(long nanos) {
        if (nanos <= 1L << SHORTEST_BITS) {
            return 0;
        }
        if (nanos > 1L << LONGEST_BITS) {
            return BUCKETS - 1;
        }
        long below = nanos - 1; // The upper end of a bucket belongs to the bucket.
        int doubling = 63 - Long.numberOfLeadingZeros(below);
        int step = (int) (below >>> (doubling - STEP_BITS)) & ((1 << STEP_BITS) - 1);
        return 1 + ((doubling - SHORTEST_BITS) << STEP_BITS) + step;
    }

    /** Returns the inclusive upper end of a bucket, {@link Long#MAX_VALUE} for the last bucket. */
    public static long bucketMaxNanos(int bucket) {
        if (bucket == 0) {
            return 1L << SHORTEST_BITS;
        }
        if (bucket == BUCKETS - 1) {
            return Long.MAX_VALUE;
        }
        int doubling = SHORTEST_BITS + ((bucket - 1) >>> STEP_BITS);
        long step = (bucket - 1L) & ((1 << STEP_BITS) - 1);
        return (1L << doubling) + ((step + 1) << (doubling - STEP_BITS));
    }
}
