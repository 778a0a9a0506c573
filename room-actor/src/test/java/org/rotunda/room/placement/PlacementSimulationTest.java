package org.rotunda.room.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulates the start of many meetings at once: 10,000 participants come within 20 s through three room nodes. Each
 * media node reports its load once a second. The nodes report at different times.
 */
class PlacementSimulationTest {
    private static final int PARTICIPANTS = 10_000;
    private static final int PER_SECOND = 500;
    private static final int ROOM_NODES = 3;
    private static final long MILLI = 1_000_000;
    private static final long REPORT_MILLIS = 1_000;

    /** The time over which a node averages its load. */
    private static final int MEAN_MILLIS = 10_000;

    /** The highest accepted load of a node, as a multiple of the mean load of all nodes. */
    private static final double EXCESS_MAX = 1.2;

    /** A rule that chooses a media node for a room of one participant. */
    @FunctionalInterface
    private interface Rule {
        String choose(List<MediaNodeLoad> reports);
    }

    /**
     * A media node. Its reported load is a mean over the last {@code meanMillis}, as {@code rotunda_media_load} is a
     * mean over the last ten seconds.
     */
    private static final class Node {
        private final int number;
        private final double participantLoad;
        private final int meanMillis;
        private final List<Integer> history = new ArrayList<>(); // The number of participants at each millisecond.
        private int participants;
        private MediaNodeLoad report;

        Node(int number, double participantLoad, int meanMillis) {
            this.number = number;
            this.participantLoad = participantLoad;
            this.meanMillis = meanMillis;
            this.report = new MediaNodeLoad(id(), 0, false, 0);
        }

        String id() {
            return "media-" + number;
        }

        /** Ends a millisecond. The node reports if its time has come. */
        void tick(long milli, int nodes) {
            history.add(participants);
            if ((milli + number * REPORT_MILLIS / nodes) % REPORT_MILLIS == 0) {
                double mean = history.subList(Math.max(0, history.size() - meanMillis), history.size()).stream()
                        .mapToInt(Integer::intValue)
                        .average()
                        .orElse(0);
                report = new MediaNodeLoad(id(), participants, false, mean * participantLoad);
            }
        }
    }

    /**
     * Returns, for the end of each second, the load of the most loaded node as a multiple of the mean load of all
     * nodes.
     */
    private static List<Double> excesses(List<Node> nodes, List<Rule> roomNodes) {
        Random arrivals = new Random(11);
        List<Double> excesses = new ArrayList<>();
        long placed = 0;
        for (long milli = 1; placed < PARTICIPANTS; milli++) {
            for (; placed < milli * PER_SECOND / 1_000; placed++) {
                List<MediaNodeLoad> reports =
                        nodes.stream().map(node -> node.report).toList();
                String chosen =
                        roomNodes.get(arrivals.nextInt(roomNodes.size())).choose(reports);
                nodes.get(Integer.parseInt(chosen.substring("media-".length()))).participants++;
            }
            for (Node node : nodes) {
                node.tick(milli, nodes.size());
            }
            CLOCK.set(milli * MILLI);
            if (milli % 1_000 == 0) {
                int most =
                        nodes.stream().mapToInt(node -> node.participants).max().orElseThrow();
                excesses.add(most * nodes.size() / (double) placed);
            }
        }
        return excesses;
    }

    private static final AtomicLong CLOCK = new AtomicLong();

    private static List<Node> nodes(int count, double participantLoad, int meanMillis) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Node(number, participantLoad, meanMillis))
                .toList();
    }

    private static List<Rule> roomNodes() {
        CLOCK.set(0);
        return IntStream.range(0, ROOM_NODES)
                .mapToObj(seed -> new Placements(new Random(seed), CLOCK::get))
                .map(placements -> (Rule) reports -> {
                    String chosen = placements.choose(reports, Set.of()).orElseThrow();
                    placements.onPlaced(chosen, 1);
                    return chosen;
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"4, 0.0002", "10, 0.0005", "20, 0.0005"})
    void noNodeHasMuchMoreThanTheMeanAtAnySecond(int count, double participantLoad) {
        assertThat(excesses(nodes(count, participantLoad, MEAN_MILLIS), roomNodes()))
                .allSatisfy(excess -> assertThat(excess).isLessThanOrEqualTo(EXCESS_MAX));
    }

    /**
     * Covers participants who load a node more than in the test above, and reports that show new participants at once.
     */
    @ParameterizedTest
    @CsvSource({"10, 0.0005, 1", "20, 0.001, 10000", "20, 0.001, 1", "10, 0.0009, 10000", "10, 0.0009, 1"})
    void loadsAreEvenAfterTheFirstSecondWhateverReportsShow(int count, double participantLoad, int meanMillis) {
        List<Double> excesses = excesses(nodes(count, participantLoad, meanMillis), roomNodes());

        assertThat(excesses.get(0)).as("25 or 50 participants a node").isLessThan(1.5);
        assertThat(excesses.subList(1, excesses.size()))
                .allSatisfy(excess -> assertThat(excess).isLessThanOrEqualTo(EXCESS_MAX));
    }

    /**
     * Shows that the simulation detects a bad rule. Room nodes used this rule earlier. It chooses the node with the
     * fewest transports in the last reports. With this rule, one node gets more than twice the accepted load.
     */
    @Test
    void leastLoadedNodeOfTheLastReportsWouldGetAll() {
        Rule fewestTransports = reports -> reports.stream()
                .min(Comparator.comparingInt(MediaNodeLoad::transports).thenComparing(MediaNodeLoad::id))
                .orElseThrow()
                .id();
        List<Rule> roomNodes = new ArrayList<>(Arrays.asList(fewestTransports, fewestTransports, fewestTransports));

        assertThat(excesses(nodes(10, 0.0005, MEAN_MILLIS), roomNodes))
                .anySatisfy(excess -> assertThat(excess).isGreaterThan(2 * EXCESS_MAX));
    }
}
