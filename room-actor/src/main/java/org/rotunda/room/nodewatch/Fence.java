package org.rotunda.room.nodewatch;

import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * Whether this node must not decide anything for its rooms, because others may have taken them over: it was stopped or cut off, and
 * has not yet been told by enough of the cluster that it still belongs to it.
 */
public interface Fence {
    /** Of a process that has nobody to be cut off from. */
    Fence NEVER = () -> false;

    /**
     * Asked before every decision. Any thread; never blocks. Must be true from the first moment after the process was stopped for a
     * while, so an implementation compares with the clock itself and does not wait for its own next tick. Whenever it has been true,
     * a {@link FenceChanged} follows on the event stream once it is false again.
     */
    boolean isHeld();
}
