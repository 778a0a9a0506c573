package org.rotunda.node.drain;

import org.rotunda.room.mediaplane.DrainView;

/**
 * How far the drain of a node is.
 *
 * @param stops true if the process stops after the drain
 * @param media the drain of the node's media node; {@link DrainView#NONE} on a node without the role media
 * @param sessions the signaling sockets at the node
 */
public record DrainReport(State state, boolean stops, DrainView media, int sessions) {

    /** The phase of a drain. */
    public enum State {
        /** The node is not drained. */
        SERVING,
        /** Connections or sockets are still on the node. */
        DRAINING,
        /** No connections and no sockets are on the node, and it takes none. */
        DRAINED,
        /** The time limit is over, and connections are still on the node. */
        OVERDUE;

        /** Returns whether nothing more happens. */
        public boolean isOver() {
            return this == DRAINED || this == OVERDUE;
        }
    }
}
