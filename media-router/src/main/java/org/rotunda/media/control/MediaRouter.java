package org.rotunda.media.control;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The control plane's only way into the media plane of this node. Safe to call from any thread; never blocks. Each
 * command becomes a task of the event loop that owns its transport. The events arrive at the {@link MediaListener} that the
 * router was opened with.
 */
public interface MediaRouter extends AutoCloseable {
    void submit(MediaCommand command);

    /**
     * Returns the latest counters and gauges of all loops, for metrics and placement. They may be about half a second
     * old.
     */
    MediaStatistics statistics();

    /**
     * Describes a room as this router sees it now, for troubleshooting. The view is limited in size. The result is
     * empty if the room has no transport here. The stage completes on an event loop that the room is on, or at once if
     * the room is unknown. After {@link #close} the stage may fail, or may never complete.
     */
    CompletionStage<Optional<RouterRoomView>> describeRoom(String roomSid);

    /**
     * Returns whether every event loop has made progress since the last call that returned true. An overloaded loop
     * still makes progress, but a blocked loop does not. The node sends its beat only if the result is true. The method
     * must have only one caller, because it remembers the last call that returned true.
     */
    boolean allLoopsTurned();

    /** Closes the sockets without a notice to the peers, because their connections may continue on other nodes. */
    @Override
    void close();
}
