package org.rotunda.media.control;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations in buckets, for metrics. Any thread may count and read; nothing is reset by being read. */
public final class DurationHistogram {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] maximaNanos;
    private final List<Double> maximaSeconds;
    private final LongAdder[] counts;
    private final LongAdder sumNanos = new LongAdder();

    /** @param bucketMaxima inclusive upper ends of the buckets, rising; one more bucket has no end */
    public DurationHistogram(List<Duration> bucketMaxima) {
        this.maximaNanos = bucketMaxima.stream().mapToLong(Duration::toNanos).toArray();
        this.maximaSeconds = bucketMaxima.stream()
                .map(maximum -> maximum.toNanos() / NANOS_PER_SECOND)
                .toList();
        this.counts =
                Stream.generate(LongAdder::new).limit(bucketMaxima.size() + 1L).toArray(LongAdder[]::new);
    }

    /** Counts one duration; a negative one, of a clock that was set back, counts as zero. */
    public void addNanos(long nanos) {
        long counted = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < maximaNanos.length && counted > maximaNanos[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(counted);
    }

    /** Returns the counts at about one moment, in seconds. */
    public Histogram snapshot() {
        return new Histogram(
                maximaSeconds, Stream.of(counts).map(LongAdder::sum).toList(), sumNanos.sum() / NANOS_PER_SECOND);
    }
}
