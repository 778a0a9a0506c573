package org.rotunda.room.nodewatch;

/** Stages of a member on its way through the cluster. */
enum Rank {
    /** The member is not up yet, or is "weakly up": it has joined while another member was unreachable. */
    JOINING,
    UP,
    LEAVING,
    /** The member has handed everything over and will soon be gone. */
    EXITING,
    DOWN
}
