package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Findings of a node about itself and the other nodes. Each finding is published on the event stream of its process.
 */
public sealed interface WatchEvent {

    /**
     * Another node counts as lost: its beats have been missing for too long, or the cluster has downed it. A node that
     * leaves in order is not lost.
     *
     * @param roles the node's roles in the cluster
     */
    record NodeLost(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeLost {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * A node that was lost is heard again, and is still the same process with all its state. Also published when a node
     * says that it had counted this node as lost, because this node may not have noticed.
     *
     * @param roles the node's roles in the cluster
     */
    record NodeBack(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeBack {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * This node was stopped or had no processor, for so long that the other nodes may have counted it as lost.
     *
     * @param lateNanos the delay of the node's own tick
     */
    record NodePaused(long lateNanos) implements WatchEvent {}

    /**
     * A media node counts as lost: its process is silent, or no longer says that all its event loops run.
     *
     * @param mediaNode the media node's id, as in placements
     */
    record MediaNodeSilent(String mediaNode) implements WatchEvent {}

    /**
     * A media node is heard for the first time, or again.
     *
     * @param mediaNode the media node's id, as in placements
     */
    record MediaNodeHeard(String mediaNode) implements WatchEvent {}

    /**
     * Media nodes anywhere in the cluster have told new loads. Published at most once in each interval of beats.
     *
     * @param loads the loads that have changed since the last event
     */
    record MediaNodesReported(List<MediaNodeLoad> loads) implements WatchEvent {
        public MediaNodesReported {
            loads = List.copyOf(loads);
        }
    }

    /**
     * The {@link Fence} of this process has changed.
     *
     * @param held true if rooms must wait with their decisions from now on
     */
    record FenceChanged(boolean held) implements WatchEvent {}

    /**
     * The cluster goes on without this node, which must stop.
     *
     * @param by the node that said so
     */
    record Expelled(NodeId by) implements WatchEvent {}
}
