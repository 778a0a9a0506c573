package org.rotunda.room.nodewatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.rotunda.media.control.DurationHistogram;

/** Statistics of one node's watch, for metrics. Safe to use from any thread. */
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
    private final LongAdder nodesEnded = new LongAdder();
    private final DurationHistogram beatLateness = new DurationHistogram(LATENESS_BOUNDS);
    private final DurationHistogram tickLateness = new DurationHistogram(LATENESS_BOUNDS);
    private volatile int peers;
    private volatile int lifelines;

    /** Returns the number of times a node was counted as lost since the start of the process. */
    public long nodesLost() {
        return nodesLost.sum();
    }

    /** Returns the number of times a lifeline showed that the process of another node had ended. */
    public long nodesEnded() {
        return nodesEnded.sum();
    }

    /** Returns the number of open lifelines to other nodes. */
    public int lifelines() {
        return lifelines;
    }

    /** Returns the number of other nodes whose beats are heard. */
    public int peers() {
        return peers;
    }

    /** Returns how late the beats of other nodes came. */
    public DurationHistogram beatLateness() {
        return beatLateness;
    }

    /** Returns how late this node's own ticks came. */
    public DurationHistogram tickLateness() {
        return tickLateness;
    }

    void countLost() {
        nodesLost.increment();
    }

    void countEnded() {
        nodesEnded.increment();
    }

    void lifelines(int count) {
        lifelines = count;
    }

    void peers(int count) {
        peers = count;
    }

    void beatLate(long nanos) {
        beatLateness.addNanos(nanos);
    }

    void tickLate(long nanos) {
        tickLateness.addNanos(nanos);
    }
}
