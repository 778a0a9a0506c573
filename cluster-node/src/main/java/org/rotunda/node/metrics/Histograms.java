package org.rotunda.node.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import org.rotunda.media.control.Histogram;

/** Converts histograms to the types of the metrics library. */
final class Histograms {
    private Histograms() {}

    static HistogramDataPointSnapshot dataPoint(Histogram histogram, Labels labels) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int bucket = 0; bucket < histogram.bucketMaxima().size(); bucket++) {
            buckets.bucket(
                    histogram.bucketMaxima().get(bucket), histogram.counts().get(bucket));
        }
        buckets.bucket(
                Double.POSITIVE_INFINITY,
                histogram.counts().get(histogram.bucketMaxima().size()));
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(histogram.sum())
                .labels(labels)
                .build();
    }
}
