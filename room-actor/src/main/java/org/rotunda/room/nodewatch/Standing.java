package org.rotunda.room.nodewatch;

/** What a node is to the sender of a beat. */
public enum Standing {
    /** A member, as far as the sender knows. */
    GOOD,
    /** Downed, removed, or replaced by another start at the same address. */
    EXPELLED,
    /** Never heard of; news of a new member may still be under way. */
    UNKNOWN
}
