package org.rotunda.media.control;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The control plane's only way into the media plane of this node. Safe to call from any thread; never blocks. Each
 * command becomes a task of the event loop that owns its room. The events arrive at the {@link MediaListener} that the
 * router was opened with.
 */
public interface MediaRouter extends AutoCloseable {
    void submit(MediaCommand command);

    /** Counters and gauges of all loops at this moment, for metrics and placement. */
    MediaStatistics statistics();

    /**
     * Describes a room as this router sees it now, for people who look for a fault. The answer is bounded in size and
     * made on the event loop that owns the room, and the stage completes there. The answer is empty if the room has no
     * transport here. After {@link #close} the stage may fail, or may never complete.
     */
    CompletionStage<Optional<RouterRoomView>> describeRoom(String roomSid);

    /**
     * Returns whether every event loop has ticked, or done some of its work, since the last call that returned true.
     * The node sends a beat only if the result is true. A loop with more work than it can do is late, but not lost.
     * Only one caller, the watch, may use this method, because the method remembers the last call that returned true.
     */
    boolean allLoopsTurned();

    /** Closes the sockets without telling the peers: their connections may live on at other nodes. */
    @Override
    void close();
}
