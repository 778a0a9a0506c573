package org.rotunda.room.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Chooses the media node of a new participant. A room stays on one node while that node accepts participants, because
 * media is forwarded only within one node. A new room goes to the less loaded of two random nodes. A choice of the
 * least loaded node of all would be wrong: the load reports are up to a second old, so all new rooms of that second
 * would go to the same node.
 */
final class PlacementRule {
    /** The load from which a node gets no new rooms while the load of another node is below this value. */
    static final double SPARED_FROM = 0.70;

    private PlacementRule() {}

    /**
     * Returns the node for one more participant, or nothing if no node accepts participants.
     *
     * @param live the media nodes that are alive
     * @param load returns the load of a node, including the participants that the node's last report does not show yet
     * @param occupied the nodes of the participants who are already in the room
     */
    static Optional<String> choose(
            Collection<MediaNodeLoad> live,
            ToDoubleFunction<MediaNodeLoad> load,
            Collection<String> occupied,
            RandomGenerator random) {
        Comparator<MediaNodeLoad> lessLoaded = Comparator.comparingDouble(load)
                .thenComparingInt(MediaNodeLoad::transports)
                .thenComparing(MediaNodeLoad::id);
        List<MediaNodeLoad> open =
                live.stream().filter(node -> !node.draining()).toList();
        Optional<MediaNodeLoad> ofRoom = leastLoaded(open, occupied, lessLoaded);
        if (ofRoom.isEmpty()) {
            // A room that has not left a draining node yet stays together, and leaves it with the newcomer.
            ofRoom = leastLoaded(live, occupied, lessLoaded).filter(node -> !node.isFull());
        } else if (open.stream().allMatch(MediaNodeLoad::isFull)) {
            return Optional.empty();
        }
        return ofRoom.or(() -> forNewRoom(open, load, lessLoaded, random)).map(MediaNodeLoad::id);
    }

    private static Optional<MediaNodeLoad> leastLoaded(
            Collection<MediaNodeLoad> nodes, Collection<String> occupied, Comparator<MediaNodeLoad> lessLoaded) {
        return nodes.stream().filter(node -> occupied.contains(node.id())).min(lessLoaded);
    }

    private static Optional<MediaNodeLoad> forNewRoom(
            List<MediaNodeLoad> open,
            ToDoubleFunction<MediaNodeLoad> load,
            Comparator<MediaNodeLoad> lessLoaded,
            RandomGenerator random) {
        if (open.stream().allMatch(MediaNodeLoad::isFull)) {
            return Optional.empty();
        }
        List<MediaNodeLoad> unspared = open.stream()
                .filter(node -> load.applyAsDouble(node) < SPARED_FROM)
                // The order is fixed, so that the same random numbers choose the same nodes.
                .sorted(Comparator.comparing(MediaNodeLoad::id))
                .toList();
        if (unspared.isEmpty()) {
            return open.stream().filter(node -> !node.isFull()).min(lessLoaded);
        }
        MediaNodeLoad first = unspared.get(random.nextInt(unspared.size()));
        if (unspared.size() == 1) {
            return Optional.of(first);
        }
        int step = 1 + random.nextInt(unspared.size() - 1);
        MediaNodeLoad second = unspared.get((unspared.indexOf(first) + step) % unspared.size());
        return Optional.of(lessLoaded.compare(first, second) <= 0 ? first : second);
    }
}
