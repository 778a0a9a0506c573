package org.rotunda.room.mediaplane;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The current load of this process's media node. {@link MediaNode} updates the numbers. The node watch of the process
 * reads the load for each beat, and sends it to the room nodes. Safe to use from any thread.
 */
public final class MediaNodeGauge {
    // The load is rounded to hundredths, so that not every beat reports a changed load.
    private static final double STEPS = 100;

    // The lag is rounded to tens of milliseconds for the same reason.
    private static final long LAG_STEP_MILLIS = 10;

    private final String id;
    private volatile int transports;
    private volatile boolean draining;
    private volatile DrainStatus drain = DrainStatus.NONE;
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
        MediaStatistics statistics = opened == null ? MediaStatistics.NONE : opened.statistics();
        long lagMillis =
                TimeUnit.NANOSECONDS.toMillis(statistics.loopLagNanosMax()) / LAG_STEP_MILLIS * LAG_STEP_MILLIS;
        return new MediaNodeLoad(id, transports, draining, Math.round(statistics.load() * STEPS) / STEPS, (int)
                Math.min(Integer.MAX_VALUE, lagMillis));
    }

    void opened(MediaRouter opened) {
        router = opened;
    }

    void transports(int count) {
        transports = count;
    }

    void drains(boolean value) {
        draining = value;
    }

    void drained(DrainStatus status) {
        drain = status;
    }

    /** Returns how far the latest drain of the node is. */
    public DrainStatus drain() {
        return drain;
    }
}
