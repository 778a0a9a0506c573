package org.rotunda.room.nodewatch;

import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * The fence that keeps this node from deciding anything for its rooms while others may have taken them over. It is held
 * when the node was stopped or cut off, until enough of the cluster has told the node that it still belongs to it.
 */
public interface Fence {
    /** The fence of a process that has nobody to be cut off from: it is never held. */
    Fence NEVER = () -> false;

    /**
     * Returns whether this node must decide nothing for now; asked before every decision. Any thread; never blocks. The
     * answer must be true from the first moment after the process was stopped for a while, so an implementation
     * compares with the clock itself and does not wait for its own next tick. After an answer was true, a
     * {@link FenceChanged} follows on the event stream once the answer is false again.
     */
    boolean isHeld();
}
