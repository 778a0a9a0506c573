package org.rotunda.node.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.List;
import org.rotunda.room.protocol.DurationHistogram;

/** Turns histograms of durations into the form of the metrics library, in seconds. */
final class Histograms {
    private static final double NANOS_PER_SECOND = 1e9;

    private Histograms() {}

    static HistogramDataPointSnapshot dataPoint(DurationHistogram.Snapshot histogram, Labels labels) {
        List<Duration> bounds = histogram.bounds();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < bounds.size(); i++) {
            buckets.bucket(
                    bounds.get(i).toNanos() / NANOS_PER_SECOND,
                    histogram.counts().get(i));
        }
        buckets.bucket(Double.POSITIVE_INFINITY, histogram.counts().get(bounds.size()));
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(histogram.sumNanos() / NANOS_PER_SECOND)
                .labels(labels)
                .build();
    }
}
