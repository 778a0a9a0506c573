package org.rotunda.room.nodewatch;

import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;

/**
 * Keeps this node from deciding anything for its rooms while other nodes may have taken them over. The fence is held
 * after the node's process was paused, or the node was cut off from the other nodes. The fence is released when enough
 * members have confirmed that this node is still a member.
 */
public interface Fence {
    /** A fence that is never held, for a process without other nodes. */
    Fence NEVER = () -> false;

    /**
     * Returns whether this node must decide nothing for now. Callers ask before every decision. Safe on any thread;
     * never blocks.
     *
     * <p>When a paused process goes on, the answer is true at once: the implementation reads the clock here and does
     * not wait for a tick. If a caller has seen true, a {@link FenceChanged} is published on the event stream when the
     * answer is false again.
     */
    boolean isHeld();
}
