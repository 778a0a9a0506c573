package org.rotunda.room.nodewatch;

import java.util.function.LongSupplier;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * The fence of a node with a watch. The watch holds and releases it.
 *
 * <p>A process that was stopped runs its actors in any order when it goes on. So the fence does not rely on the watch
 * to run first: it counts as held as soon as the watch is overdue. After a caller has seen the fence held for that
 * reason, the watch publishes a {@link FenceChanged}.
 */
public final class NodeFence implements Fence {
    private final LongSupplier nanoTime;
    private final long overdueNanos;
    private volatile boolean held;
    private volatile boolean seenOverdue;
    private volatile long tickNanos;

    /**
     * @param nanoTime a clock such as {@link System#nanoTime}, which goes on while a process is stopped
     * @param overdueNanos the longest time since the watch's last tick; after it the fence is held
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

    /** Returns whether a caller has seen the fence held because the watch was late, and waits for a change. */
    boolean isSeenOverdue() {
        return seenOverdue;
    }

    void hold(boolean holdNow) {
        held = holdNow;
    }

    /**
     * Applies the conclusions of a tick of the watch.
     *
     * @param overdueHandled true if the callers that saw the watch overdue will get a {@link FenceChanged}
     */
    void tick(long nowNanos, boolean holdNow, boolean overdueHandled) {
        held = holdNow; // This is set first, or the fence would be open for a moment.
        tickNanos = nowNanos;
        if (overdueHandled) {
            seenOverdue = false;
        }
    }
}
