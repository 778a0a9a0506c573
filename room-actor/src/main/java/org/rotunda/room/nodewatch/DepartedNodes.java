package org.rotunda.room.nodewatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes that this node had missed when the cluster downed or removed them. This node goes on telling the others
 * that it misses them. A member that has not heard of the downing yet would otherwise take the end of the news for a
 * sign that the node is back. Only {@link WatchBoard} uses this class.
 */
final class DepartedNodes {
    /** The maximum number of nodes that are remembered, enough for all nodes of a large cluster. The oldest go first. */
    static final int DEPARTED_MAX = 1024;

    private final Map<NodeId, Departed> departed = new LinkedHashMap<>();
    private final long keptNanos;

    private record Departed(boolean isMissed, boolean isLostRoomNode, Set<String> missedMedia, long sinceNanos) {
        Departed without(String mediaNode) {
            return new Departed(
                    isMissed,
                    isLostRoomNode,
                    missedMedia.stream()
                            .filter(each -> !each.equals(mediaNode))
                            .collect(Collectors.toUnmodifiableSet()),
                    sinceNanos);
        }
    }

    /** @param keptNanos the time within which every member hears of a change of the membership */
    DepartedNodes(long keptNanos) {
        this.keptNanos = keptNanos;
    }

    /** Remembers a node, if this node has missed it or one of its media nodes. Called before its watch ends. */
    void remember(Peer peer, long nowNanos) {
        Set<String> missedMedia = peer.mediaNodes().entrySet().stream()
                .filter(media -> media.getValue().isMissed)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        boolean isLostRoomNode = peer.runsRooms() && peer.isLost;
        if (peer.isMissed || isLostRoomNode || !missedMedia.isEmpty()) {
            // A node that is removed after it was downed is no longer watched, so the first call counts.
            departed.putIfAbsent(peer.node(), new Departed(peer.isMissed, isLostRoomNode, missedMedia, nowNanos));
            if (departed.size() > DEPARTED_MAX) {
                departed.remove(departed.keySet().iterator().next());
            }
        }
    }

    /**
     * Notes that a media node is heard again, in a process that has joined again with the same router. Returns whether
     * this node had still told the others that it misses the media node.
     */
    boolean hear(String mediaNode) {
        boolean wasMissed = false;
        for (Map.Entry<NodeId, Departed> entry : departed.entrySet()) {
            Departed each = entry.getValue();
            if (each.missedMedia.contains(mediaNode)) {
                wasMissed = true;
                entry.setValue(each.without(mediaNode));
            }
        }
        return wasMissed;
    }

    /** Forgets the nodes of whose departure every member has heard. Returns whether there were any. */
    boolean forget(long nowNanos) {
        return departed.values().removeIf(each -> nowNanos - each.sinceNanos >= keptNanos);
    }

    void addTo(Set<NodeId> missed, Set<String> missedMedia, Set<NodeId> lostRoomNodes) {
        departed.forEach((node, each) -> {
            if (each.isMissed) {
                missed.add(node);
            }
            missedMedia.addAll(each.missedMedia);
            if (each.isLostRoomNode) {
                lostRoomNodes.add(node);
            }
        });
    }
}
