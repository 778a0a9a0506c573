package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.rotunda.load.client.Metrics;

/** A histogram of Prometheus: how many values were at most as large as each bound. */
record BucketCounts(List<Bucket> buckets) {
    /**
     * One line of it.
     *
     * @param max inclusive; infinite for the last
     * @param count of all values up to it, those of the buckets before included
     */
    record Bucket(double max, double count) {}

    private static final String BOUND = "_bucket{le=\"";

    BucketCounts {
        buckets = List.copyOf(buckets);
    }

    /** The one of that name without other labels; without buckets if the node has none. */
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

    /** What was counted after that one. Both are of the same metric of the same process. */
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

    /** The value that so large a share does not exceed, evenly spread within its bucket; NaN of an empty histogram. */
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
                    return lower; // Nothing is known of it but that it is more.
                }
                return lower + (bucket.max() - lower) * (wanted - below) / (bucket.count() - below);
            }
            lower = bucket.max();
            below = bucket.count();
        }
        throw new IllegalStateException("the last bucket does not hold all values: " + buckets);
    }
}
