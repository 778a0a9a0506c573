package org.rotunda.room.mediaplane;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TransportId;

/**
 * The media router of a process. The router outlives the actor systems of the process. When the cluster has downed the
 * node, its actor system ends, but the router goes on forwarding. The media node of the next actor system then takes
 * over the router, the rooms on the router, and the id of the earlier media node. At most one media node uses the
 * router at a time.
 *
 * <p>Events and reports that occur while no media node uses the router are dropped, so they do not pile up. A room that
 * finds the media node again asks for reports, and the reports repeat the state that the room needs. Callable from any
 * thread.
 */
public final class ProcessRouter implements AutoCloseable {
    private static final MediaListener NOBODY = event -> {};

    private final String id;
    private final MediaRouter router;
    private volatile MediaListener listener = NOBODY;
    private Map<String, HeldRoom> held = Map.of(); // This field is guarded by the monitor of this object.

    /**
     * A room with transports on the router.
     *
     * @param epoch the highest epoch of an owner of the room that the last media node has seen
     */
    record HeldRoom(long epoch, Set<TransportId> transports) {
        HeldRoom {
            transports = Set.copyOf(transports);
        }
    }

    private ProcessRouter(String id, Function<MediaListener, MediaRouter> factory) {
        this.id = id;
        this.router = factory.apply(new Current());
    }

    /**
     * Opens the router.
     *
     * @param id the id of the media node in placements; each start of the process has a new id
     * @param factory opens a router that sends its events to the given listener; called once, on the calling thread
     */
    public static ProcessRouter open(String id, Function<MediaListener, MediaRouter> factory) {
        return new ProcessRouter(id, factory);
    }

    /** Passes everything to the media node that uses the router now. */
    private final class Current implements MediaListener {
        @Override
        public void onEvent(MediaEvent event) {
            listener.onEvent(event);
        }

        @Override
        public void onReport(RoomReport report) {
            listener.onReport(report);
        }
    }

    public String id() {
        return id;
    }

    public MediaRouter router() {
        return router;
    }

    /**
     * Sends the router's events to this media node from now on.
     *
     * @return the rooms that the last media node left on the router, by SID
     */
    synchronized Map<String, HeldRoom> attach(MediaListener mediaNode) {
        listener = mediaNode;
        return held;
    }

    /**
     * Ends the use of the router by a media node.
     *
     * @param rooms the rooms with transports on the router, by SID; the next media node gets them
     */
    synchronized void detach(Map<String, HeldRoom> rooms) {
        listener = NOBODY;
        held = Map.copyOf(rooms);
    }

    /** Closes the router without telling the clients, because their connections may live on at other nodes. */
    @Override
    public void close() {
        router.close();
    }
}
