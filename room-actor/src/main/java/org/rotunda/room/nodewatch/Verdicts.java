package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which nodes are lost, from the nodes that this node misses and those that the other room nodes miss. To miss
 * a node means to get no beats from it. A node is lost if two of its watchers miss it, or if its only watcher misses
 * it. The reports of a room node that this node misses do not count. Only {@link WatchBoard} and its parts use
 * this class.
 *
 * <p>If one room node knows that the process of a node has ended, the node is lost. Two watchers must agree on silence,
 * because a slow watcher hears nobody. The end of a process needs no second witness: its {@link Lifelines} were cut, and
 * its host refused a new one. A slow watcher, a slow process or a slow network delays this, but does not make it.
 */
final class Verdicts {
    private final boolean runsRooms;
    private final Map<NodeId, Peer> peers;
    private final List<Peer> roomNodes = new ArrayList<>(); // The other room nodes that exchange beats with any node.

    /**
     * @param runsRooms true if this node runs rooms
     * @param peers all other members of the cluster; the caller changes the map
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

    /**
     * Returns whether a peer is lost. If this node runs rooms and no room node can judge the peer, the last verdict
     * stays.
     */
    boolean isLost(Peer peer) {
        return runsRooms ? isLostByVote(peer, null, peer.isLost) : isLostByHearsay(peer);
    }

    /**
     * Returns whether a media node is silent. The rule is the same as for nodes, except that this node alone judges the
     * media nodes of its own process.
     */
    boolean isSilent(Peer peer, String mediaNode, MediaSight sight) {
        boolean isOwn = !peers.containsKey(peer.node());
        return (runsRooms && !isOwn) ? isLostByVote(peer, mediaNode, sight.isSilent) : sight.isMissed;
    }

    private boolean isLostByVote(Peer peer, @Nullable String mediaNode, boolean isLostNow) {
        int watching = 0;
        int missing = 0;
        if (peer.isEnded()) {
            return true;
        }
        if (peer.isExchanging) {
            watching++;
            missing += isMissedHere(peer, mediaNode) ? 1 : 0;
        }
        if (peer.runsRooms()) {
            for (Peer watcher : roomNodes) {
                if (watcher != peer && watcher.isWitness()) {
                    if (watcher.sightings.ended().contains(peer.node())) {
                        return true;
                    }
                    watching++;
                    missing += isMissedBy(watcher, peer, mediaNode) ? 1 : 0;
                }
            }
        } else {
            for (NodeId id : peer.watchers) {
                Peer watcher = peers.get(id); // This node is not in the map, so the result is null for it.
                if (watcher != null && watcher.isWitness()) {
                    if (watcher.sightings.ended().contains(peer.node())) {
                        return true;
                    }
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
     * Returns whether a peer is lost. Used when this node runs no rooms. If the peer is a room node, this node trusts
     * the verdicts of the other room nodes. If it hears none of them, it trusts its own observation.
     */
    private boolean isLostByHearsay(Peer roomNode) {
        if (!roomNode.runsRooms()) {
            // Nodes without rooms do not watch each other. Only the cluster tells whether they are lost.
            return roomNode.isLost;
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
     * Returns whether this node reports the loads of a peer's media nodes to the other room nodes. It does so if it is
     * one of the peer's watchers and hears none of the watchers before it in the list.
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
