package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;

/**
 * The part of a room node's beat that tells what the sender knows about third nodes. From the sightings of all room
 * nodes, each of them draws the same conclusions about who is lost.
 *
 * @param missed the nodes that the sender watches and has not heard for too long
 * @param missedMedia the media nodes, in processes that the sender watches, that no beat has named for too long
 * @param lostRoomNodes the room nodes that are lost, for the nodes without rooms
 * @param loads the loads of media nodes in processes that exchange no beats with the recipient; sent once a second
 */
public record Sightings(
        Set<NodeId> missed, Set<String> missedMedia, Set<NodeId> lostRoomNodes, List<RelayedLoad> loads) {
    /** The sightings of a node that has nothing to tell. */
    public static final Sightings NONE = new Sightings(Set.of(), Set.of(), Set.of(), List.of());

    public Sightings {
        missed = Set.copyOf(missed);
        missedMedia = Set.copyOf(missedMedia);
        lostRoomNodes = Set.copyOf(lostRoomNodes);
        loads = List.copyOf(loads);
    }

    Sightings withLoads(List<RelayedLoad> relayed) {
        return new Sightings(missed, missedMedia, lostRoomNodes, relayed);
    }
}
