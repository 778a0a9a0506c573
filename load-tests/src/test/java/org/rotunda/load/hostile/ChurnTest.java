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
import org.rotunda.load.browser.Rest;
import org.rotunda.load.cluster.Await;
import org.rotunda.load.cluster.Directories;
import org.rotunda.load.process.ClassHistogram;
import org.rotunda.room.testkit.PostgresServer;

/**
 * Half an hour of comings and goings leaves a node as it was. {@code rotunda.churn.minutes} shortens it; the looks are at a sixth, at half
 * and at the end of the time, that is after 5, 15 and 30 minutes. The database is PostgreSQL, as in production: the embedded one keeps rows
 * and the index of its file in the node's heap, more of them the more was written.
 */
@Tag("long")
class ChurnTest {
    private static final Duration DURATION = Duration.ofMinutes(Integer.getInteger("rotunda.churn.minutes", 30));
    private static final long SEED = Long.getLong("rotunda.churn.seed", 11);

    /** Until vanished participants are given up: the session timeout, and a tick. */
    private static final Duration FORGET = Duration.ofMinutes(2);

    private static final int LOOKS = 3;
    private static final int GROWTH_LINES = 20;
    private static final double GROWTH_MAX = 0.05;

    /** What pools of threads and connections may have more or less at any moment. */
    private static final int THREADS_SLACK = 5;

    private static final int FILE_DESCRIPTORS_SLACK = 5;
    private static final int ACTORS_SLACK = 10;

    /** Netty's pool grows by chunks, and how many it needs depends on what came at the same time. */
    private static final long DIRECT_SLACK_BYTES = 4 << 20;

    /**
     * A shard's actor lives on once there was a room, or a name, in it. So many rooms leave none of the 256 shards unopened (the
     * chance is one in a hundred), or each new room would look like one more actor.
     */
    private static final int ROOMS_FOR_ALL_SHARDS = 2_500;

    @Test
    void nodeStaysAsItWas() throws IOException {
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
            sayGrowth(histograms.get(0), histograms.get(histograms.size() - 1));
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

    /** Rooms end some time after the last participant, see {@code rotunda.rooms.default}. */
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

    /** Which classes there is more of than at the first look: where to begin if there is a leak. */
    @SuppressWarnings("SystemOut") // The record of the run.
    private static void sayGrowth(ClassHistogram before, ClassHistogram after) {
        Map<String, Long> growth = new HashMap<>();
        after.classes().keySet().forEach(name -> growth.put(name, after.bytes(name) - before.bytes(name)));
        growth.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(GROWTH_LINES)
                .forEach(entry ->
                        System.out.println("[churn] " + entry.getValue() + " bytes more of " + entry.getKey()));
    }

    @SuppressWarnings("SystemOut") // The record of the run.
    private static Footprint look(ObservedNode node, Churn churn) throws IOException {
        Footprint look = node.footprint(LOOKS);
        System.out.println("[churn] after " + churn + ": " + look);
        return look;
    }
}
