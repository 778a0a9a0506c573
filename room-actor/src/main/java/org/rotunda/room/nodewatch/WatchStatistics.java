package org.rotunda.room.nodewatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.rotunda.media.control.DurationHistogram;

/** Figures of one node's watch, for metrics. Any thread. */
public final class WatchStatistics {
    private static final List<Duration> LATENESS_BOUNDS = List.of(
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofMillis(1_000),
            Duration.ofMillis(2_000));

    private final LongAdder nodesLost = new LongAdder();
    private final DurationHistogram beatLateness = new DurationHistogram(LATENESS_BOUNDS);
    private final DurationHistogram tickLateness = new DurationHistogram(LATENESS_BOUNDS);
    private volatile int peers;

    /** Nodes counted as lost, since start. */
    public long nodesLost() {
        return nodesLost.sum();
    }

    /** Other nodes whose beats are heard. */
    public int peers() {
        return peers;
    }

    /** By how much the beats of other nodes were late. */
    public DurationHistogram beatLateness() {
        return beatLateness;
    }

    /** By how much this node's own ticks were late. */
    public DurationHistogram tickLateness() {
        return tickLateness;
    }

    void countLost() {
        nodesLost.increment();
    }

    void peers(int now) {
        peers = now;
    }

    void beatLate(long nanos) {
        beatLateness.addNanos(nanos);
    }

    void tickLate(long nanos) {
        tickLateness.addNanos(nanos);
    }
}
