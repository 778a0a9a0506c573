package org.rotunda.media.control;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations in buckets, for metrics. Any thread may count and read. Reading resets nothing. */
public final class DurationHistogram {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] maximaNanos;
    private final List<Double> maximaSeconds;
    private final LongAdder[] counts;
    private final LongAdder sumNanos = new LongAdder();

    /**
     * @param bucketMaxima the inclusive upper ends of the buckets in rising order; one more bucket without an end
     *     follows
     */
    public DurationHistogram(List<Duration> bucketMaxima) {
        this.maximaNanos = bucketMaxima.stream().mapToLong(Duration::toNanos).toArray();
        this.maximaSeconds = bucketMaxima.stream()
                .map(maximum -> maximum.toNanos() / NANOS_PER_SECOND)
                .toList();
        this.counts =
                Stream.generate(LongAdder::new).limit(bucketMaxima.size() + 1L).toArray(LongAdder[]::new);
    }

    /** Counts one duration. A negative duration counts as zero; it occurs after a clock was set back. */
    public void addNanos(long nanos) {
        long counted = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < maximaNanos.length && counted > maximaNanos[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(counted);
    }

    /** Returns the current counts, with the bucket ends and the sum in seconds. */
    public Histogram snapshot() {
        return new Histogram(
                maximaSeconds, Stream.of(counts).map(LongAdder::sum).toList(), sumNanos.sum() / NANOS_PER_SECOND);
    }
}
