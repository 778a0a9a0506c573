package org.rotunda.room.mediaplane;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.placement.MediaNodeLoad;

/** The media nodes that this process knows at the moment. Safe to call from any thread; never blocks. */
public interface MediaNodes {
    List<MediaNodeLoad> live();

    /** Returns the actor of the media node with this id, or nothing if the node is gone. */
    Optional<ActorRef<MediaNode.Command>> find(String nodeId);
}
