package org.rotunda.room.nodewatch;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Figures of one node's watch, for metrics. Any thread. */
public final class WatchStatistics {
    private final LongAdder nodesLost = new LongAdder();
    private final LongAccumulator beatLateNanosMax = new LongAccumulator(Math::max, 0);
    private final LongAccumulator tickLateNanosMax = new LongAccumulator(Math::max, 0);
    private volatile int peers;

    /** Returns how often a node was counted as lost since the start. */
    public long nodesLost() {
        return nodesLost.sum();
    }

    /** Returns the number of other nodes whose beats are heard. */
    public int peers() {
        return peers;
    }

    /** Returns the largest delay of a beat of any node since the last call, in nanoseconds. */
    public long takeBeatLateNanosMax() {
        return beatLateNanosMax.getThenReset();
    }

    /** Returns the largest delay of this node's own tick since the last call, in nanoseconds. */
    public long takeTickLateNanosMax() {
        return tickLateNanosMax.getThenReset();
    }

    void countLost() {
        nodesLost.increment();
    }

    void peers(int count) {
        peers = count;
    }

    void beatLate(long nanos) {
        beatLateNanosMax.accumulate(nanos);
    }

    void tickLate(long nanos) {
        tickLateNanosMax.accumulate(nanos);
    }
}
