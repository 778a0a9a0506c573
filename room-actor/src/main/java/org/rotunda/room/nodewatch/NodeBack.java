package org.rotunda.room.nodewatch;

import java.util.Set;

/**
 * Published on the event stream of a process when a node that was lost is heard again: the same start of it, with all that it knew. Also
 * when a node says that it had lost this one, which may not have noticed.
 *
 * @param roles its roles in the cluster
 */
public record NodeBack(NodeId node, Set<String> roles) implements WatchEvent {
    public NodeBack {
        roles = Set.copyOf(roles);
    }
}
