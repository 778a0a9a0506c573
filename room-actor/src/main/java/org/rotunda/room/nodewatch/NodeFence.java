package org.rotunda.room.nodewatch;

import java.util.function.LongSupplier;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * The fence of a node with a watch, which sets it.
 *
 * <p>A process that was stopped runs its actors in any order when it goes on, so the fence does not rely on the watch to be first: it is
 * held as soon as the watch is overdue. Whoever has seen it so hears of a {@link FenceChanged} later, because the watch then publishes one.
 */
public final class NodeFence implements Fence {
    private final LongSupplier nanoTime;
    private final long overdueNanos;
    private volatile boolean held;
    private volatile boolean seenOverdue;
    private volatile long tickNanos;

    /**
     * @param nanoTime as {@link System#nanoTime}, which goes on while a process is stopped
     * @param overdueNanos so long after the last sign of the watch the fence is held
     */
    public NodeFence(LongSupplier nanoTime, long overdueNanos) {
        this.nanoTime = nanoTime;
        this.overdueNanos = overdueNanos;
        this.tickNanos = nanoTime.getAsLong();
    }

    @Override
    public boolean isHeld() {
        if (nanoTime.getAsLong() - tickNanos > overdueNanos) {
            seenOverdue = true;
        }
        return held || seenOverdue; // Read last: a late watch holds the fence before it says that it is there.
    }

    /** Whether somebody has seen it held because the watch was late, and waits. */
    boolean isSeenOverdue() {
        return seenOverdue;
    }

    void hold(boolean now) {
        held = now;
    }

    /**
     * The watch is there and has drawn its conclusions.
     *
     * @param overdueHandled whoever saw the fence overdue will hear of it
     */
    void tick(long nowNanos, boolean holdNow, boolean overdueHandled) {
        held = holdNow; // First, or the fence would be open for a moment.
        tickNanos = nowNanos;
        if (overdueHandled) {
            seenOverdue = false;
        }
    }
}
