package org.rotunda.media.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The numbers of values in fixed buckets.
 *
 * @param bucketMaxima the inclusive upper end of each bucket except the last, in rising order; the last bucket has no
 *     end
 * @param counts the count of each bucket, not cumulative; the list has one element more than {@code bucketMaxima}
 * @param sum the sum of all values
 */
public record Histogram(List<Double> bucketMaxima, List<Long> counts, double sum) {
    public Histogram {
        bucketMaxima = List.copyOf(bucketMaxima);
        counts = List.copyOf(counts);
        if (counts.size() != bucketMaxima.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts for " + bucketMaxima.size() + " bucket ends");
        }
    }

    /** Returns an empty histogram with these buckets. */
    public static Histogram empty(List<Double> bucketMaxima) {
        return new Histogram(bucketMaxima, Collections.nCopies(bucketMaxima.size() + 1, 0L), 0);
    }

    /** Returns the number of values. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the sum of this histogram and {@code other}, which must have the same buckets. */
    public Histogram plus(Histogram other) {
        if (!bucketMaxima.equals(other.bucketMaxima)) {
            throw new IllegalArgumentException("histograms of different buckets have no sum");
        }
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + other.counts.get(i));
        }
        return new Histogram(bucketMaxima, sums, sum + other.sum);
    }
}
