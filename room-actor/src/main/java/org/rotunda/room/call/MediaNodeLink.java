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
    private final ActorRef<MediaNode.Notice> address;
    private final Set<String> used = new HashSet<>(); // The nodes to which this room has addressed a command.
    // The used nodes that were absent at the last command to them.
    private final Set<String> unreached = new HashSet<>();
    private final Set<String> seen = new HashSet<>(); // The used nodes that were present at a command at least once.

    MediaNodeLink(LiveRoom live, ActorRef<MediaNode.Notice> address) {
        this.live = live;
        this.nodes = live.environment().mediaNodes();
        this.address = address;
    }

    boolean isLive(String mediaNode) {
        return nodes.find(mediaNode).isPresent();
    }

    /** Returns whether this room has ever addressed a command to the node. */
    boolean isUsed(String mediaNode) {
        return used.contains(mediaNode);
    }

    /**
     * Returns whether the node was present at a command of this room at least once. If not, this process may merely not
     * have discovered the node yet.
     */
    boolean wasSeen(String mediaNode) {
        return seen.contains(mediaNode);
    }

    /** Sends a command to a node. Returns false if the node is not live. */
    boolean deliver(String mediaNode, MediaCommand command) {
        boolean isSent = send(mediaNode, new MediaNode.Deliver(command, address));
        if (!isSent) {
            live.log().debug("Media node {} is gone: {} not sent", mediaNode, command);
        }
        return isSent;
    }

    /** Tells a node which transports of this room to keep. The node closes all other transports of the room. */
    void retain(String mediaNode, Set<TransportId> keep) {
        send(mediaNode, new MediaNode.Retain(live.sid().value(), live.epoch(), keep, address));
    }

    private boolean send(String mediaNode, MediaNode.Command command) {
        used.add(mediaNode);
        Optional<ActorRef<MediaNode.Command>> node = nodes.find(mediaNode);
        node.ifPresent(there -> there.tell(command));
        if (node.isPresent()) {
            live.environment().statistics().countMediaCommand();
            seen.add(mediaNode);
            unreached.remove(mediaNode);
        } else {
            unreached.add(mediaNode);
        }
        return node.isPresent();
    }

    /** Returns all live nodes. An earlier owner of the room may have used any of them. */
    Set<String> live() {
        return nodes.live().stream().map(MediaNodeLoad::id).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the live nodes that this room uses and to which it must send its state again. They are the nodes that
     * have just come, and the nodes that were absent at the last command to them.
     */
    Set<String> newcomers(Set<String> came) {
        return used.stream()
                .filter(node -> (came.contains(node) || unreached.contains(node)) && isLive(node))
                .collect(Collectors.toUnmodifiableSet());
    }
}
