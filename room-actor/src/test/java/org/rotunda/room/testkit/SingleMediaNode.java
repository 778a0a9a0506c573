package org.rotunda.room.testkit;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.placement.MediaNodeLoad;

/** A cluster with one media node, which may be lost or come back as another. Usable from any thread. */
public final class SingleMediaNode implements MediaNodes {
    private final ActorRef<MediaNode.Command> node;
    private volatile String id;
    private volatile boolean lost;

    public SingleMediaNode(String id, ActorRef<MediaNode.Command> node) {
        this.id = id;
        this.node = node;
    }

    public void lose() {
        lost = true;
    }

    /** The same actor is now the node of this id. */
    public void comesBackAs(String newId) {
        id = newId;
        lost = false;
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
