package org.rotunda.room.placement;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Chooses the media nodes of participants for all rooms of a process. Adds to the reported load of a node the
 * participants that this process has placed there within the last two seconds. Safe to use from any thread.
 */
public final class Placements {
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final RecentPlacements recent = new RecentPlacements();

    /**
     * @param random safe to use from any thread
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public Placements(RandomGenerator random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the node for one more participant, or nothing if no node accepts participants.
     *
     * @param live the media nodes that are alive
     * @param occupied the nodes of the participants who are already in the room
     */
    public Optional<String> choose(Collection<MediaNodeLoad> live, Collection<String> occupied) {
        Map<String, Integer> added = recent.perNode(nanoTime.getAsLong());
        return PlacementRule.choose(
                live,
                node -> node.estimate() + added.getOrDefault(node.id(), 0) * MediaNodeLoad.PARTICIPANT,
                occupied,
                random);
    }

    /** Notes that a room has placed participants on a node. */
    public void onPlaced(String mediaNode, int participants) {
        recent.add(mediaNode, participants, nanoTime.getAsLong());
    }
}
