package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.rotunda.load.client.Metrics;

/** A Prometheus histogram. It holds the number of values at or below each bound. */
record BucketCounts(List<Bucket> buckets) {
    /**
     * One bucket of the histogram.
     *
     * @param max the inclusive upper bound; infinite for the last bucket
     * @param count the number of all values up to the bound, including the values of all lower buckets
     */
    record Bucket(double max, double count) {}

    private static final String BOUND = "_bucket{le=\"";

    BucketCounts {
        buckets = List.copyOf(buckets);
    }

    /**
     * Returns the histogram of this name that has only the label {@code le}, or an empty histogram if the node has no
     * such metric.
     */
    static BucketCounts of(Metrics metrics, String name) {
        List<Bucket> buckets = new ArrayList<>();
        String prefix = name + BOUND;
        for (Map.Entry<String, Double> entry : metrics.values().entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                String bound =
                        entry.getKey().substring(prefix.length(), entry.getKey().indexOf('"', prefix.length()));
                double max = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
                buckets.add(new Bucket(max, entry.getValue()));
            }
        }
        buckets.sort(Comparator.comparingDouble(Bucket::max));
        return new BucketCounts(buckets);
    }

    /** Returns the histogram of the values since an earlier reading of the same metric from the same process. */
    BucketCounts since(BucketCounts earlier) {
        if (earlier.buckets.isEmpty()) {
            return this;
        }
        List<Bucket> difference = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            Bucket now = buckets.get(i);
            difference.add(
                    new Bucket(now.max(), now.count() - earlier.buckets.get(i).count()));
        }
        return new BucketCounts(difference);
    }

    double total() {
        return buckets.isEmpty() ? 0 : buckets.get(buckets.size() - 1).count();
    }

    /** Returns a percentile, interpolated evenly within its bucket; NaN for an empty histogram. */
    double percentile(double share) {
        double wanted = share * total();
        if (wanted == 0) {
            return Double.NaN;
        }
        double lower = 0;
        double below = 0;
        for (Bucket bucket : buckets) {
            if (bucket.count() >= wanted) {
                if (Double.isInfinite(bucket.max())) {
                    return lower; // The last bucket has no upper bound to interpolate to.
                }
                return lower + (bucket.max() - lower) * (wanted - below) / (bucket.count() - below);
            }
            lower = bucket.max();
            below = bucket.count();
        }
        throw new IllegalStateException("the last bucket does not hold all values: " + buckets);
    }
}
