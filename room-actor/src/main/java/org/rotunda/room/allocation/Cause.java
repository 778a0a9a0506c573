package org.rotunda.room.allocation;

/** What made a plan change the layer of a track. */
public enum Cause {
    /** The subscription was new. */
    NEW_TRACK,

    /** The tracks did not fit into the bandwidth any more. */
    BANDWIDTH_FELL,

    /** There was bandwidth for more, and it had been there for long enough. */
    BANDWIDTH_ROSE,

    /** A more important track took the bandwidth or the place. */
    OUTRANKED,

    /** The tile needs another layer than before. */
    RENDER_SIZE,

    /** The client asked for the track not to be sent. */
    CLIENT_OFF,

    /** The client asked for the track to be sent again. */
    CLIENT_ON,

    /** The publisher has started or stopped a layer, or its rates have changed. */
    SOURCE,

    /** Loss or delay has shown congestion. */
    CONGESTION_DETECTED
}
