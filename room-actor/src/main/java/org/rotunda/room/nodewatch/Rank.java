package org.rotunda.room.nodewatch;

/** The stages of a member's life in the cluster. */
enum Rank {
    /** The member is not up yet, or is "weakly up": the cluster let it join while another member was unreachable. */
    JOINING,
    UP,
    LEAVING,
    /** The member has handed everything over and will soon be gone. */
    EXITING,
    DOWN
}
