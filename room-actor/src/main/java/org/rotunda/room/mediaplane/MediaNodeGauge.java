package org.rotunda.room.mediaplane;

import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The latest load of this process's media node. {@link MediaNode} writes it; the node's watch reads it for each beat and
 * sends it to the room nodes. Safe to use from any thread.
 */
public final class MediaNodeGauge {
    private volatile MediaNodeLoad load;

    /** @param id the id of the media node in placements */
    public MediaNodeGauge(String id) {
        this.load = new MediaNodeLoad(id, 0, false);
    }

    /** Returns the load as the media node last told it. */
    public MediaNodeLoad load() {
        return load;
    }

    void tell(MediaNodeLoad now) {
        load = now;
    }
}
