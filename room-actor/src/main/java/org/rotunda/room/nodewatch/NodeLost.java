package org.rotunda.room.nodewatch;

import java.util.Set;

/**
 * Published on the event stream of a process when it counts another node as lost: no beats for too long, or the cluster has downed it.
 * A node that leaves in order is not lost.
 *
 * @param roles its roles in the cluster
 */
public record NodeLost(NodeId node, Set<String> roles) implements WatchEvent {
    public NodeLost {
        roles = Set.copyOf(roles);
    }
}
