package org.rotunda.load.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.cluster.Directories;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;
import org.rotunda.room.testkit.PostgresServer;

/**
 * Tests that the resources of a node do not grow during half an hour of joins and leaves. The resources are measured
 * after a sixth, after half and at the end of the time, that is after 5, 15 and 30 minutes. {@code
 * rotunda.churn.minutes} sets another duration.
 *
 * <p>The database is PostgreSQL, as in production. The embedded database keeps rows and an index in the node's heap, so
 * that the heap grows with every write.
 */
@Tag("long")
class ChurnTest {
    private static final Duration DURATION = Duration.ofMinutes(Integer.getInteger("rotunda.churn.minutes", 30));
    private static final long SEED = Long.getLong("rotunda.churn.seed", 11);

    /** The longest wait until the node is empty. It covers the session timeout of vanished bots and a reserve. */
    private static final Duration FORGET = Duration.ofMinutes(2);

    private static final int LOOKS = 3;
    private static final int GROWTH_LINES = 20;
    private static final double GROWTH_MAX = 0.05;

    /** The number of additional threads that is accepted, because thread pools and connection pools vary in size. */
    private static final int THREADS_SLACK = 5;

    private static final int FILE_DESCRIPTORS_SLACK = 5;
    private static final int ACTORS_SLACK = 10;

    /**
     * The growth of direct memory, in bytes, that is accepted even if it is more than {@link #GROWTH_MAX}. Netty's pool
     * grows by whole chunks, and the number of chunks depends on how many packets arrive at the same time.
     */
    private static final long DIRECT_SLACK_BYTES = 4 << 20;

    /**
     * The number of rooms that are created first. With a probability of 99 % each of the 256 shards then has had a
     * room. The actor of a shard stays once it exists, so shards that start later would look like leaked actors.
     */
    private static final int ROOMS_FOR_ALL_SHARDS = 2_500;

    @Test
    void aNodeDoesNotGrowWhileParticipantsComeAndGo() throws IOException {
        try (PostgresServer postgres = PostgresServer.start(Directories.emptied("churn-database"));
                ObservedNode node = ObservedNode.start("churn", postgres.config(postgres.jdbcUrl()));
                Churn churn = new Churn(node, SEED)) {
            openAllShards(new Rest(node.url()));
            List<Footprint> looks = new ArrayList<>();
            List<ClassHistogram> histograms = new ArrayList<>();
            for (Duration part : List.of(DURATION.dividedBy(6), DURATION.dividedBy(3), DURATION.dividedBy(2))) {
                churn.run(part);
                Await.until(() -> "everybody to be forgotten: " + node.tables(), FORGET, () -> isEmpty(node));
                looks.add(look(node, churn));
                histograms.add(node.histogram());
            }
            printGrowth(histograms.get(0), histograms.get(histograms.size() - 1));
            assertThat(node.complaints()).as("the node's log").isEmpty();
            assertThat(churn.refused()).as("joins that failed").isZero();
            Footprint first = looks.get(0);
            Footprint last = looks.get(looks.size() - 1);
            assertThat(last.tables()).isEqualTo(first.tables());
            assertFlat("heap", first, last, Footprint::heapBytes, (long) (first.heapBytes() * GROWTH_MAX));
            assertFlat(
                    "direct memory",
                    first,
                    last,
                    Footprint::directBytes,
                    Math.max((long) (first.directBytes() * GROWTH_MAX), DIRECT_SLACK_BYTES));
            assertFlat("threads", first, last, Footprint::threads, THREADS_SLACK);
            assertFlat("file descriptors", first, last, Footprint::fileDescriptors, FILE_DESCRIPTORS_SLACK);
            assertFlat("actors", first, last, Footprint::actors, ACTORS_SLACK);
        }
    }

    private static void openAllShards(Rest rest) {
        for (int i = 0; i < ROOMS_FOR_ALL_SHARDS; i++) {
            rest.completeRoom(rest.createRoom("shard-" + i, Map.of()).get("sid").asText());
        }
    }

    /**
     * Returns whether the node has no sessions, participants, transports or rooms. Rooms outlive their participants for
     * a while.
     */
    private static boolean isEmpty(ObservedNode node) {
        return node.metrics().sum("rotunda_sessions") < 1
                && node.metrics().sum("rotunda_participants") < 1
                && node.metrics().sum("rotunda_media_transports") < 1
                && node.metrics().sum("rotunda_rooms") < 1;
    }

    private static void assertFlat(
            String what, Footprint first, Footprint last, ToLongFunction<Footprint> value, long slack) {
        assertThat(value.applyAsLong(last) - value.applyAsLong(first))
                .as("growth of %s from %s to %s", what, first, last)
                .isLessThanOrEqualTo(slack);
    }

    /** Prints the classes whose live objects grew most since the first measurement, to help to find a leak. */
    @SuppressWarnings("SystemOut") // The output is the record of the run.
    private static void printGrowth(ClassHistogram before, ClassHistogram after) {
        Map<String, Long> growth = new HashMap<>();
        after.classes().keySet().forEach(name -> growth.put(name, after.bytes(name) - before.bytes(name)));
        growth.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(GROWTH_LINES)
                .forEach(entry ->
                        System.out.println("[churn] " + entry.getValue() + " bytes more of " + entry.getKey()));
    }

    @SuppressWarnings("SystemOut") // The output is the record of the run.
    private static Footprint look(ObservedNode node, Churn churn) throws IOException {
        Footprint look = node.footprint(LOOKS);
        System.out.println("[churn] after " + churn + ": " + look);
        return look;
    }
}
