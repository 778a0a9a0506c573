package org.rotunda.room.nodewatch;

import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * The fence that keeps this node from deciding anything for its rooms while other nodes may have taken them over. The
 * fence is held when the node was stopped or cut off, until enough of the cluster has told the node that it is still a
 * member.
 */
public interface Fence {
    /** The fence of a process that cannot be cut off from other nodes, because there are none. It is never held. */
    Fence NEVER = () -> false;

    /**
     * Returns whether this node must decide nothing for now. Callers ask before every decision. Any thread; never
     * blocks. The answer must be true from the first moment after the process was stopped for a while, so an
     * implementation reads the clock itself and does not wait for its own next tick. If an answer was true, a
     * {@link FenceChanged} is published on the event stream once the answer is false again.
     */
    boolean isHeld();
}
