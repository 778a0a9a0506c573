package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the watchers of a node that runs no rooms: the few room nodes with which it exchanges beats. All nodes choose
 * by rendezvous hashing, so nodes that know the same members choose the same watchers, and a room node that comes or
 * goes changes few choices.
 */
final class Watchers {
    /** The number of watchers of one node. */
    static final int COUNT = 5;

    /**
     * The number of room nodes that must miss a node before it counts as lost. One slow room node alone thus declares
     * no losses. If only one room node watches the node, that one suffices.
     */
    static final int AGREEING = 2;

    private Watchers() {}

    /** Returns the watchers of a node, ordered by weight. */
    static List<NodeId> of(NodeId node, Collection<NodeId> roomNodes) {
        List<Weighted> weighted = new ArrayList<>(roomNodes.size());
        long key = keyOf(node);
        for (NodeId roomNode : roomNodes) {
            weighted.add(new Weighted(roomNode, mix(key ^ mix(keyOf(roomNode)))));
        }
        weighted.sort(Weighted.HEAVIEST_FIRST);
        return weighted.stream().limit(COUNT).map(Weighted::roomNode).toList();
    }

    private record Weighted(NodeId roomNode, long weight) {
        static final Comparator<Weighted> HEAVIEST_FIRST =
                Comparator.comparingLong(Weighted::weight).reversed().thenComparing(Weighted::roomNode);
    }

    private static long keyOf(NodeId node) {
        return node.uid() ^ ((long) node.host().hashCode() << 32 | node.port());
    }

    /** Spreads the bits of a number; the constants are those of the finalizer of MurmurHash3. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
