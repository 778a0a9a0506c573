package org.rotunda.room.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlacementsTest {
    private static final List<MediaNodeLoad> NODES =
            List.of(new MediaNodeLoad("a", 100, false, 0.20), new MediaNodeLoad("b", 100, false, 0.21));

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Placements placements = new Placements(new Random(1), nanos::get);

    @Test
    void ownPlacementsCountUntilReportsShowThem() {
        assertThat(placements.choose(NODES, Set.of())).contains("a");
        placements.onPlaced("a", 4); // The load of node a now counts as 0.208.
        assertThat(placements.choose(NODES, Set.of())).contains("a");
        placements.onPlaced("a", 2); // The load of node a now counts as 0.212.
        assertThat(placements.choose(NODES, Set.of())).contains("b");

        nanos.addAndGet(RecentPlacements.KEPT_NANOS - 1);
        assertThat(placements.choose(NODES, Set.of())).contains("b");
        nanos.addAndGet(1);
        assertThat(placements.choose(NODES, Set.of())).contains("a");
    }

    @Test
    void eachPlacementAgesByItself() {
        placements.onPlaced("a", 3);
        nanos.addAndGet(RecentPlacements.KEPT_NANOS / 2);
        placements.onPlaced("a", 3);
        assertThat(placements.choose(NODES, Set.of())).contains("b");
        nanos.addAndGet(RecentPlacements.KEPT_NANOS / 2);
        assertThat(placements.choose(NODES, Set.of())).contains("a");
        placements.onPlaced("a", 3);
        assertThat(placements.choose(NODES, Set.of())).contains("b");
    }

    @Test
    void aLargeMoveCountsWithAllItsParticipants() {
        placements.onPlaced("a", 300); // Adds a load of 0.6, so node a is spared, although its report says 0.2.
        for (int i = 0; i < 100; i++) {
            assertThat(placements.choose(NODES, Set.of())).contains("b");
        }
    }
}
