package org.rotunda.room.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementRuleTest {
    private static final int TRIES = 1_000;

    private final Random random = new Random(5);

    private static MediaNodeLoad node(String id, double load) {
        return new MediaNodeLoad(id, 10, false, load);
    }

    private static MediaNodeLoad draining(String id, double load) {
        return new MediaNodeLoad(id, 10, true, load);
    }

    private Optional<String> choose(List<MediaNodeLoad> live, String... occupied) {
        return PlacementRule.choose(live, MediaNodeLoad::estimate, Set.of(occupied), random);
    }

    private Map<String, Integer> chosen(List<MediaNodeLoad> live) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < TRIES; i++) {
            counts.merge(choose(live).orElseThrow(), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void roomStaysTogetherHoweverLoadedItsNodeIs() {
        assertThat(choose(List.of(node("a", 0.1), node("b", 0.95)), "b")).contains("b");
        assertThat(choose(List.of(node("a", 0.1), node("b", 1)), "b")).contains("b");
    }

    @Test
    void roomStaysTogetherOnANodeThatDrainsUntilItHasMoved() {
        assertThat(choose(List.of(node("a", 0.1), draining("b", 0.9)), "b")).contains("b");
        assertThat(choose(List.of(draining("b", 0.9)), "b")).contains("b");
        assertThat(choose(List.of(node("a", 0.1), draining("b", 1)), "b")).contains("a");
        assertThat(choose(List.of(node("a", 0.1), draining("b", 0.1), node("c", 0.9)), "b", "c"))
                .contains("c");
    }

    @Test
    void roomLeavesANodeThatIsGone() {
        assertThat(choose(List.of(node("a", 0.9)), "b")).contains("a");
    }

    @Test
    void roomOnTwoNodesGrowsOnTheLessLoadedOne() {
        assertThat(choose(List.of(node("a", 0), node("b", 0.3), node("c", 0.2)), "b", "c"))
                .contains("c");
    }

    @Test
    void newRoomGoesToTheLessLoadedOfTwoNodes() {
        // All six pairs of nodes are equally likely. The least loaded node wins three pairs, the second two pairs, and
        // the third one pair.
        Map<String, Integer> counts = chosen(List.of(node("a", 0.4), node("b", 0.3), node("c", 0.2), node("d", 0.1)));

        assertThat(counts).containsOnlyKeys("b", "c", "d");
        assertThat(counts.getOrDefault("d", 0) / (double) TRIES).isEqualTo(1 / 2.0, within(0.05));
        assertThat(counts.getOrDefault("c", 0) / (double) TRIES).isEqualTo(1 / 3.0, within(0.05));
        assertThat(counts.getOrDefault("b", 0) / (double) TRIES).isEqualTo(1 / 6.0, within(0.05));
    }

    @Test
    void loadedNodeGetsNoNewRoomWhileAnotherIsBelow() {
        assertThat(chosen(List.of(node("a", PlacementRule.SPARED_FROM), node("b", 0.69), draining("c", 0))))
                .containsOnlyKeys("b");
    }

    @Test
    void leastLoadedNodeIsTakenWhenAllAreLoaded() {
        assertThat(chosen(List.of(node("a", 0.9), node("b", 0.8), node("c", 0.85))))
                .containsOnlyKeys("b");
    }

    @Test
    void fullNodeGetsNoNewRoom() {
        assertThat(chosen(List.of(node("a", 1), node("b", 0.99)))).containsOnlyKeys("b");
    }

    @Test
    void nobodyIsPlacedWhenAllNodesAreFullOrDrain() {
        assertThat(choose(List.of())).isEmpty();
        assertThat(choose(List.of(draining("a", 0)))).isEmpty();
        assertThat(choose(List.of(draining("a", 1)), "a")).isEmpty();
        assertThat(choose(List.of(node("a", 1), node("b", 1), draining("c", 0))))
                .isEmpty();
        assertThat(choose(List.of(node("a", 1), node("b", 1)), "a")).isEmpty();
    }

    @Test
    void nodeOfAVersionWithoutLoadsIsJudgedByItsTransports() {
        assertThat(new MediaNodeLoad("a", 200, false, 0).estimate()).isEqualTo(0.4, within(1e-9));
        assertThat(new MediaNodeLoad("a", 200, false, 0.05).estimate()).isEqualTo(0.05, within(1e-9));
        assertThat(new MediaNodeLoad("a", 0, false, 0).estimate()).isZero();
    }

    @Test
    void sameRandomNumbersChooseTheSameNodes() {
        List<MediaNodeLoad> nodes = List.of(node("a", 0.1), node("b", 0.2), node("c", 0.3), node("d", 0.4));
        List<MediaNodeLoad> reversed = new ArrayList<>(nodes);
        Collections.reverse(reversed);
        for (int seed = 0; seed < 100; seed++) {
            assertThat(PlacementRule.choose(nodes, MediaNodeLoad::load, Set.of(), new Random(seed)))
                    .isEqualTo(PlacementRule.choose(reversed, MediaNodeLoad::load, Set.of(), new Random(seed)));
        }
    }
}
