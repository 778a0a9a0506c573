package org.rotunda.room.nodewatch;

/** How far a member is on its way through the cluster. */
enum Rank {
    /** Not up yet, or up as long as the others are not asked. */
    JOINING,
    UP,
    LEAVING,
    /** Has handed everything over and goes. */
    EXITING,
    DOWN
}
