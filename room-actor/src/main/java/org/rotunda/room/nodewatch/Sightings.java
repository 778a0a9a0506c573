package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;

/**
 * The part of a room node's beat that tells what the sender knows about third nodes. The room nodes exchange their
 * sightings, so that all of them come to the same conclusions about which nodes are lost.
 *
 * @param missed the nodes that the sender watches and has not heard for too long
 * @param missedMedia the media nodes that no beat has named for too long, although the sender watches their processes
 * @param lostRoomNodes the room nodes that the sender counts as lost; only nodes that run no rooms use this set
 * @param loads the loads of media nodes in processes that exchange no beats with the recipient; sent once a second
 * @param ended the nodes whose processes have ended, as the sender's {@link Lifelines} showed
 */
public record Sightings(
        Set<NodeId> missed,
        Set<String> missedMedia,
        Set<NodeId> lostRoomNodes,
        List<RelayedLoad> loads,
        Set<NodeId> ended) {
    /** The sightings of a node that has nothing to tell. */
    public static final Sightings NONE = new Sightings(Set.of(), Set.of(), Set.of(), List.of(), Set.of());

    public Sightings {
        missed = Set.copyOf(missed);
        missedMedia = Set.copyOf(missedMedia);
        lostRoomNodes = Set.copyOf(lostRoomNodes);
        loads = List.copyOf(loads);
        ended = Set.copyOf(ended);
    }

    Sightings withLoads(List<RelayedLoad> relayed) {
        return new Sightings(missed, missedMedia, lostRoomNodes, relayed, ended);
    }
}
