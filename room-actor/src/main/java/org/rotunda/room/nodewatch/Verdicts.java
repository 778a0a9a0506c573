package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which nodes are lost, from what this node and the other room nodes miss. A node is lost if two of its watchers
 * miss it, or if its only watcher does. A room node that this node itself misses is no witness. Only {@link WatchBoard}
 * uses it.
 */
final class Verdicts {
    private final boolean runsRooms;
    private final Map<NodeId, Peer> peers;
    private final List<Peer> roomNodes = new ArrayList<>(); // The other room nodes that exchange beats with anybody.

    /**
     * @param runsRooms true if this node runs rooms
     * @param peers all other members; the caller changes the map
     */
    Verdicts(boolean runsRooms, Map<NodeId, Peer> peers) {
        this.runsRooms = runsRooms;
        this.peers = peers;
    }

    void roomNodes(Collection<Peer> present) {
        roomNodes.clear();
        roomNodes.addAll(present);
    }

    Collection<Peer> roomNodes() {
        return roomNodes;
    }

    /** Returns whether a peer is lost. A peer without any witness keeps the verdict that it has. */
    boolean isLost(Peer peer) {
        return runsRooms ? isLostByVote(peer, null, peer.isLost) : isLostByHearsay(peer);
    }

    /**
     * Returns whether a media node is silent, by the same rule as for nodes. This node alone judges the media nodes of
     * its own process.
     */
    boolean isSilent(Peer peer, String mediaNode, MediaSight sight) {
        boolean isOwn = !peers.containsKey(peer.node());
        return (runsRooms && !isOwn) ? isLostByVote(peer, mediaNode, sight.isSilent) : sight.isMissed;
    }

    private boolean isLostByVote(Peer peer, @Nullable String mediaNode, boolean isLostNow) {
        int watching = 0;
        int missing = 0;
        if (peer.isExchanging) {
            watching++;
            missing += isMissedHere(peer, mediaNode) ? 1 : 0;
        }
        if (peer.runsRooms()) {
            for (Peer watcher : roomNodes) {
                if (watcher != peer && watcher.isWitness()) {
                    watching++;
                    missing += isMissedBy(watcher, peer, mediaNode) ? 1 : 0;
                }
            }
        } else {
            for (NodeId id : peer.watchers) {
                Peer watcher = peers.get(id); // There is none for this node itself.
                if (watcher != null && watcher.isWitness()) {
                    watching++;
                    missing += isMissedBy(watcher, peer, mediaNode) ? 1 : 0;
                }
            }
        }
        return watching == 0 ? isLostNow : missing >= Math.min(Watchers.AGREEING, watching);
    }

    private static boolean isMissedHere(Peer peer, @Nullable String mediaNode) {
        if (mediaNode == null) {
            return peer.isMissed;
        }
        MediaSight sight = peer.mediaNodes().get(mediaNode);
        return sight != null && sight.isMissed;
    }

    private static boolean isMissedBy(Peer watcher, Peer peer, @Nullable String mediaNode) {
        return mediaNode == null
                ? watcher.sightings.missed().contains(peer.node())
                : watcher.sightings.missedMedia().contains(mediaNode);
    }

    /**
     * Returns whether a room node is lost for a node without rooms, which believes its watchers. A node that hears no
     * other watcher believes itself.
     */
    private boolean isLostByHearsay(Peer roomNode) {
        if (!roomNode.runsRooms()) {
            return roomNode.isLost; // Only the cluster tells nodes without rooms about each other.
        }
        boolean isToldOf = false;
        for (Peer watcher : roomNodes) {
            if (watcher != roomNode && watcher.isWitness()) {
                if (watcher.sightings.lostRoomNodes().contains(roomNode.node())) {
                    return true;
                }
                isToldOf = true;
            }
        }
        return !isToldOf && roomNode.isMissed;
    }

    /**
     * Returns whether this node tells the other room nodes the loads of a peer's media nodes: it is the first of the
     * peer's watchers that it does not miss.
     */
    boolean isReporterOf(Peer peer, NodeId self) {
        for (NodeId id : peer.watchers) {
            if (id.equals(self)) {
                return true;
            }
            Peer watcher = peers.get(id);
            if (watcher != null && watcher.isWitness()) {
                return false;
            }
        }
        return false;
    }
}
