package org.rotunda.room.nodewatch;

/** Stages of a member on its way through the cluster. */
enum Rank {
    /** The member is not up yet, or is "weakly up": up only until all other members can be asked. */
    JOINING,
    UP,
    LEAVING,
    /** The member has handed everything over and will soon be gone. */
    EXITING,
    DOWN
}
