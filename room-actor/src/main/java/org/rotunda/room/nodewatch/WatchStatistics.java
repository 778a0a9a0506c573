package org.rotunda.room.nodewatch;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Figures of one node's watch, for metrics. Any thread. */
public final class WatchStatistics {
    private final LongAdder nodesLost = new LongAdder();
    private final LongAccumulator beatLateNanosMax = new LongAccumulator(Math::max, 0);
    private final LongAccumulator tickLateNanosMax = new LongAccumulator(Math::max, 0);
    private volatile int peers;

    /** Nodes counted as lost, since start. */
    public long nodesLost() {
        return nodesLost.sum();
    }

    /** Other nodes whose beats are heard. */
    public int peers() {
        return peers;
    }

    /** By how much the latest beat of any node was late, in nanoseconds, since this was asked last. */
    public long takeBeatLateNanosMax() {
        return beatLateNanosMax.getThenReset();
    }

    /** By how much this node's own tick was late at the most, in nanoseconds, since this was asked last. */
    public long takeTickLateNanosMax() {
        return tickLateNanosMax.getThenReset();
    }

    void countLost() {
        nodesLost.increment();
    }

    void peers(int now) {
        peers = now;
    }

    void beatLate(long nanos) {
        beatLateNanosMax.accumulate(nanos);
    }

    void tickLate(long nanos) {
        tickLateNanosMax.accumulate(nanos);
    }
}
