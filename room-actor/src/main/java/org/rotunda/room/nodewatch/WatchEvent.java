package org.rotunda.room.nodewatch;

import java.util.Set;

/** Findings of a node about itself and the others; each is published on the event stream of its process. */
public sealed interface WatchEvent {

    /**
     * Another node counts as lost: its beats have been missing for too long, or the cluster has downed it. A node that
     * leaves in order is not lost.
     *
     * @param roles its roles in the cluster
     */
    record NodeLost(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeLost {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * A node that was lost is heard again, and it is still the same process with all its state. Also published when a
     * node says that it had lost this node, which may not have noticed.
     *
     * @param roles its roles in the cluster
     */
    record NodeBack(NodeId node, Set<String> roles) implements WatchEvent {
        public NodeBack {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * This node did not run for so long that the others may have counted it as lost: it was stopped, or had no
     * processor.
     *
     * @param lateNanos the delay of its own tick
     */
    record NodePaused(long lateNanos) implements WatchEvent {}

    /**
     * A media node counts as lost: its process is silent, or no longer says that all its event loops run.
     *
     * @param mediaNode its id, as in placements
     */
    record MediaNodeSilent(String mediaNode) implements WatchEvent {}

    /**
     * A media node is heard for the first time, or again.
     *
     * @param mediaNode its id, as in placements
     */
    record MediaNodeHeard(String mediaNode) implements WatchEvent {}

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
