package org.rotunda.room.nodewatch;

/** The membership of a beat's recipient, as the sender sees it. */
public enum Standing {
    /** The recipient is a member. */
    GOOD,
    /** The recipient was downed, removed, or replaced by a later process at the same address. */
    EXPELLED,
    /** The sender does not know the recipient. News of a new member may still be under way. */
    UNKNOWN
}
