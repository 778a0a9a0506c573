package org.rotunda.room.mediaplane;

import java.util.List;

/**
 * The description of a drain for operators.
 *
 * @param rooms the largest rooms with connections on the node, at most {@link #ROOMS_MAX}
 */
public record DrainView(DrainStatus status, List<Room> rooms) {
    /** The greatest number of rooms that a view lists. */
    public static final int ROOMS_MAX = 100;

    /** The view of a node that is not drained. */
    public static final DrainView NONE = new DrainView(DrainStatus.NONE, List.of());

    public DrainView {
        rooms = List.copyOf(rooms);
    }

    /**
     * A room with connections on the node.
     *
     * @param isLeaving true if the room has decided to leave, and its clients follow
     */
    public record Room(String sid, int connections, boolean isLeaving) {}
}
