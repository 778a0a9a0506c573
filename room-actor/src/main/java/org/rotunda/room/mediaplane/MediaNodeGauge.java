package org.rotunda.room.mediaplane;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The current load of this process's media node. {@link MediaNode} updates the numbers. The node watch of the process
 * reads the load for each beat, and sends it to the room nodes. Safe to use from any thread.
 */
public final class MediaNodeGauge {
    // The load is rounded to hundredths, so that not every beat reports a changed load.
    private static final double STEPS = 100;

    private final String id;
    private volatile int transports;
    private volatile boolean draining;
    private volatile @Nullable MediaRouter router;

    /** @param id the id of the media node in placements */
    public MediaNodeGauge(String id) {
        this.id = id;
    }

    /** Returns the id of the media node in placements. */
    public String id() {
        return id;
    }

    public MediaNodeLoad load() {
        MediaRouter opened = router;
        double load = opened == null ? 0 : opened.statistics().load();
        return new MediaNodeLoad(id, transports, draining, Math.round(load * STEPS) / STEPS);
    }

    void opened(MediaRouter opened) {
        router = opened;
    }

    void transports(int count) {
        transports = count;
    }

    void drains() {
        draining = true;
    }
}
