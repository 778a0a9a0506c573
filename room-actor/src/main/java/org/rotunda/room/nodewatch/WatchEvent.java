package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;
import org.rotunda.room.placement.MediaNodeLoad;

/** A finding of {@link NodeWatch}, published on the event stream of its process. */
public sealed interface WatchEvent {

    /**
     * Another node counts as lost: its beats have been missing for too long, or the cluster has downed it. A node that
     * shuts down regularly is not lost.
     *
     * @param roles the node's roles in the cluster
     */
    record NodeLost(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeLost {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * A lost node is heard again. Its process is the same and has all its state. The event is also published when a
     * beat of {@code node} shows that {@code node} had counted this node as lost.
     *
     * @param roles the roles of {@code node} in the cluster
     */
    record NodeBack(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeBack {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * This node did not run for a while. Other nodes may have counted it as lost.
     *
     * @param lateNanos the delay of the node's own tick
     */
    record NodePaused(long lateNanos) implements WatchEvent {}

    /**
     * A media node counts as lost: its process sends no beats, or the beats no longer name it.
     *
     * @param mediaNode the media node's id, as in placements
     */
    record MediaNodeSilent(String mediaNode) implements WatchEvent {}

    /**
     * A media node is heard for the first time, or again after it was silent.
     *
     * @param mediaNode the media node's id, as in placements
     */
    record MediaNodeHeard(String mediaNode) implements WatchEvent {}

    /**
     * Media nodes in the cluster have reported new loads. Published at most once in each beat interval.
     *
     * @param loads the loads that have changed since the last such event
     */
    record MediaNodesReported(List<MediaNodeLoad> loads) implements WatchEvent {
        public MediaNodesReported {
            loads = List.copyOf(loads);
        }
    }

    /**
     * The {@link Fence} of this process was held or released.
     *
     * @param held true if rooms must wait with their decisions from now on
     */
    record FenceChanged(boolean held) implements WatchEvent {}

    /**
     * The cluster goes on without this node. The node must stop.
     *
     * @param by the node that said so
     */
    record Expelled(NodeId by) implements WatchEvent {}
}
