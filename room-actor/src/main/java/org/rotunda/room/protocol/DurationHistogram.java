package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations in buckets, for metrics. Any thread may count and read; a read resets nothing. */
public final class DurationHistogram {
    private final List<Duration> bounds;
    private final long[] boundsNanos;
    private final LongAdder[] counts;
    private final LongAdder sumNanos = new LongAdder();

    /** @param bounds the inclusive upper ends of the buckets, rising; one more bucket has no end */
    public DurationHistogram(List<Duration> bounds) {
        this.bounds = List.copyOf(bounds);
        this.boundsNanos = bounds.stream().mapToLong(Duration::toNanos).toArray();
        this.counts = Stream.generate(LongAdder::new).limit(bounds.size() + 1L).toArray(LongAdder[]::new);
    }

    /**
     * The counts at about one moment.
     *
     * @param counts one count for each bound and one for longer durations; not cumulative
     */
    public record Snapshot(List<Duration> bounds, List<Long> counts, long sumNanos) {
        /** Returns how many durations were counted. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Counts one duration; a negative one, of a clock that was set back, counts as none. */
    public void addNanos(long nanos) {
        long counted = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < boundsNanos.length && counted > boundsNanos[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(counted);
    }

    public Snapshot snapshot() {
        return new Snapshot(bounds, Stream.of(counts).map(LongAdder::sum).toList(), sumNanos.sum());
    }
}
