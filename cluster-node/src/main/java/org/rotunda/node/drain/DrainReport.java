package org.rotunda.node.drain;

import java.util.List;
import org.rotunda.room.mediaplane.DrainView;
import org.rotunda.room.nodewatch.NodeId;

/**
 * How far the drain of a node is.
 *
 * @param stops true if the process stops after the drain
 * @param waitsFor the nodes that are emptied before this one, while the node waits for its permit
 * @param media the drain of the node's media node; {@link DrainView#NONE} on a node without the role media
 * @param sessions the signaling sockets at the node
 */
public record DrainReport(State state, boolean stops, List<NodeId> waitsFor, DrainView media, int sessions) {
    public DrainReport {
        waitsFor = List.copyOf(waitsFor);
    }

    /** The phase of a drain. */
    public enum State {
        /** The node is not drained. */
        SERVING,
        /** The node takes nothing new. It waits, because other nodes are emptied before it. */
        WAITING,
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
