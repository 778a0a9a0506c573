package org.rotunda.room.mediaplane;

import java.util.Set;

/**
 * The event that this process's view of the media nodes has changed. Published on the event stream of this process.
 *
 * @param came the ids of the media nodes that are new in the view, or back in it
 * @param went the ids of the media nodes that are no longer in the view
 */
public record MediaNodesChanged(Set<String> came, Set<String> went) {
    public MediaNodesChanged {
        came = Set.copyOf(came);
        went = Set.copyOf(went);
    }
}
