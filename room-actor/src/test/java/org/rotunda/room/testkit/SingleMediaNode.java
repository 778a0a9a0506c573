package org.rotunda.room.testkit;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.placement.MediaNodeLoad;

/** A cluster with one media node, or after {@link #lose} with none. Usable from any thread. */
public final class SingleMediaNode implements MediaNodes {
    private final String id;
    private final ActorRef<MediaNode.Command> node;
    private volatile boolean lost;

    public SingleMediaNode(String id, ActorRef<MediaNode.Command> node) {
        this.id = id;
        this.node = node;
    }

    public void lose() {
        lost = true;
    }

    @Override
    public List<MediaNodeLoad> live() {
        return lost ? List.of() : List.of(new MediaNodeLoad(id, 0, false));
    }

    @Override
    public Optional<ActorRef<MediaNode.Command>> find(String nodeId) {
        return !lost && nodeId.equals(id) ? Optional.of(node) : Optional.empty();
    }
}
