package org.rotunda.room.mediaplane;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.TransportId;

/**
 * The media router of a process. The router outlives the actor systems of the process: when the cluster has downed the
 * node, the router goes on forwarding, and the media node of the next actor system takes the router over, with its id
 * and with the rooms that it serves. At most one media node has the router at a time.
 *
 * <p>Events that occur while no media node has the router are dropped, so nothing piles up. A room that finds the media
 * node again asks for reports, which repeat what the room needs to know. Callable from any thread.
 */
public final class ProcessRouter implements AutoCloseable {
    private static final MediaListener NOBODY = event -> {};

    private final String id;
    private final MediaRouter router;
    private volatile MediaListener listener = NOBODY;
    private Map<String, HeldRoom> held = Map.of(); // The monitor of this object guards this field.

    /**
     * A room with transports on the router.
     *
     * @param epoch the highest epoch of the room's owners that the last media node has heard
     */
    record HeldRoom(long epoch, Set<TransportId> transports) {
        HeldRoom {
            transports = Set.copyOf(transports);
        }
    }

    private ProcessRouter(String id, Function<MediaListener, MediaRouter> factory) {
        this.id = id;
        this.router = factory.apply(this::onEvent);
    }

    /**
     * Opens the router.
     *
     * @param id the id of the media node in placements, new with every start of the process
     * @param factory opens the router with the listener that it gets; called once, on the calling thread
     */
    public static ProcessRouter open(String id, Function<MediaListener, MediaRouter> factory) {
        return new ProcessRouter(id, factory);
    }

    private void onEvent(MediaEvent event) {
        listener.onEvent(event);
    }

    public String id() {
        return id;
    }

    public MediaRouter router() {
        return router;
    }

    /**
     * Gives the router's events to a media node from now on.
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
     * @param rooms the rooms with transports on the router, by SID, for the next media node
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
