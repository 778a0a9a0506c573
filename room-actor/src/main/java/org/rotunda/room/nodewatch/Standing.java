package org.rotunda.room.nodewatch;

/** The standing of a beat's recipient with its sender. */
public enum Standing {
    /** The recipient is a member, as far as the sender knows. */
    GOOD,
    /** The recipient was downed, removed, or replaced by a later process at the same address. */
    EXPELLED,
    /** The sender has never heard of the recipient. News of a new member may still be under way. */
    UNKNOWN
}
