package org.rotunda.room.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Chooses the media node of a new participant. A room stays together on one node while that node accepts participants,
 * because media is forwarded only within one node. A new room goes to the least loaded node.
 */
public final class PlacementRule {
    private static final Comparator<MediaNodeLoad> LEAST_LOADED =
            Comparator.comparingInt(MediaNodeLoad::transports).thenComparing(MediaNodeLoad::id);

    private PlacementRule() {}

    /**
     * Returns the node for one more participant, or nothing if no node accepts participants.
     *
     * @param live the media nodes that are alive
     * @param occupied the nodes of the participants who are already in the room
     */
    public static Optional<String> choose(Collection<MediaNodeLoad> live, Collection<String> occupied) {
        return live.stream()
                .filter(node -> !node.draining())
                .min(Comparator.comparing((MediaNodeLoad node) -> !occupied.contains(node.id()))
                        .thenComparing(LEAST_LOADED))
                .map(MediaNodeLoad::id);
    }
}
