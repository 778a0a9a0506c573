package org.rotunda.room.nodewatch;

/** Stages of a member on its way through the cluster. */
enum Rank {
    /** The member is not up yet, or is up only until all others can be asked ("weakly up"). */
    JOINING,
    UP,
    LEAVING,
    /** The member has handed everything over and is about to be gone. */
    EXITING,
    DOWN
}
