package org.rotunda.room.call;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Sends the commands of one room to the media nodes. The nodes answer to the conductor. A command to an absent node is
 * dropped. Owned by the conductor.
 */
final class MediaNodeLink {
    private final LiveRoom live;
    private final MediaNodes nodes;
    private final ActorRef<MediaNode.Told> address;
    // The nodes that were live at the last look. A node is removed when a later command does not find it.
    private final Set<String> reached = new HashSet<>();
    private final Set<String> seen = new HashSet<>(); // The nodes that were live at any look.

    MediaNodeLink(LiveRoom live, ActorRef<MediaNode.Told> address) {
        this.live = live;
        this.nodes = live.environment().mediaNodes();
        this.address = address;
        look();
    }

    boolean isLive(String mediaNode) {
        return nodes.find(mediaNode).isPresent();
    }

    /** Returns whether the node was live at any look. If not, this process may not have found the node yet. */
    boolean wasSeen(String mediaNode) {
        return seen.contains(mediaNode);
    }

    /** Sends a command to a node. Returns false if the node is not live. */
    boolean deliver(String mediaNode, MediaCommand command) {
        Optional<ActorRef<MediaNode.Command>> node = nodes.find(mediaNode);
        node.ifPresentOrElse(there -> there.tell(new MediaNode.Deliver(command, address)), () -> {
            reached.remove(mediaNode);
            live.log().debug("Media node {} is gone: {} not sent", mediaNode, command);
        });
        return node.isPresent();
    }

    /** Tells a node which transports of this room to keep. The node closes all other transports of the room. */
    void retain(String mediaNode, Set<TransportId> keep) {
        nodes.find(mediaNode)
                .ifPresent(node -> node.tell(new MediaNode.Retain(live.sid().value(), live.epoch(), keep, address)));
    }

    /** Returns all live nodes, and remembers them. */
    Set<String> look() {
        Set<String> now = nodes.live().stream().map(MediaNodeLoad::id).collect(Collectors.toUnmodifiableSet());
        reached.clear();
        reached.addAll(now);
        seen.addAll(now);
        return now;
    }

    /** Looks again, and returns the nodes that have appeared or come back since the last look. */
    Set<String> newcomers() {
        Set<String> before = Set.copyOf(reached);
        return look().stream().filter(node -> !before.contains(node)).collect(Collectors.toUnmodifiableSet());
    }
}
