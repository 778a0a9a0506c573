package org.rotunda.room.nodewatch;

import java.util.function.LongSupplier;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * The fence of a node with a {@link NodeWatch}. The watch holds and releases the fence.
 *
 * <p>When a paused process goes on, its actors run in any order, so the watch may be late. The fence therefore also
 * counts as held while the watch's last tick is too old. If a caller has seen this, the watch later publishes a
 * {@link FenceChanged}.
 */
public final class NodeFence implements Fence {
    private final LongSupplier nanoTime;
    private final long overdueNanos;
    private volatile boolean held;
    private volatile boolean seenOverdue;
    private volatile long tickNanos;

    /**
     * @param nanoTime a clock such as {@link System#nanoTime}, which goes on while the process is paused
     * @param overdueNanos the fence counts as held while the watch's last tick is older than this
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
        return seenOverdue || held; // The order matters: a late watch sets held before it clears seenOverdue.
    }

    /**
     * Returns whether a caller has seen the fence held because the watch was late. That caller waits for a
     * {@link FenceChanged}.
     */
    boolean isSeenOverdue() {
        return seenOverdue;
    }

    void hold(boolean holdNow) {
        held = holdNow;
    }

    /**
     * Applies the result of a tick of the watch.
     *
     * @param overdueHandled true if a {@link FenceChanged} will tell the callers that saw the watch overdue
     */
    void tick(long nowNanos, boolean holdNow, boolean overdueHandled) {
        // The new state comes first. Otherwise callers would find the fence released for a moment.
        held = holdNow;
        tickNanos = nowNanos;
        if (overdueHandled) {
            seenOverdue = false;
        }
    }
}
