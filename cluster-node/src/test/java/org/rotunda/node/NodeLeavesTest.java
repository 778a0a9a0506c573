package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.testkit.PostgresServer;

/** Tests two nodes on one PostgreSQL. One node leaves the cluster while the other node sends requests to all rooms. */
class NodeLeavesTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    private static final RoomProperties PROPERTIES = new RoomProperties(
            RoomType.GROUP, 50, 14_400, 5, 5, false, List.of(VideoCodec.VP8), "us1", false, false, null, "POST");

    private static final int ROOMS = 20;
    /**
     * The time within which a room must answer. An answer would take longer if the leaving node did not hand over its
     * rooms.
     */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(6);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final long DEADLINE_SECONDS = 120;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void roomsOfANodeThatLeavesAnswerAtOnceAndAreCountedOnce(@TempDir Path directory) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(directory)) {
            String url = postgres.createDatabase();
            int seed = TestNodeKeys.freePort();
            try (RotundaNode stays = RotundaNode.start(
                            NodeConfiguration.dev(TestNodeKeys.of(url, seed, seed, "[gateway, room]")));
                    RotundaNode leaves = RotundaNode.start(
                            NodeConfiguration.dev(TestNodeKeys.of(url, TestNodeKeys.freePort(), seed, "[room]")))) {
                assertThat(leaves.httpUrl()).as("without the role gateway").isEmpty();
                List<RoomSid> rooms = createRooms(stays);
                await(() -> metric(stays, "rotunda_rooms") + metric(leaves, "rotunda_rooms") == ROOMS);
                assertThat(metric(leaves, "rotunda_rooms"))
                        .as("they are spread")
                        .isPositive();
                assertThat(metric(stays, "rotunda_cluster_members{role=\"room\"}"))
                        .isEqualTo(2);
                assertThat(metric(stays, "rotunda_cluster_members{role=\"gateway\"}"))
                        .isEqualTo(1);

                CompletableFuture<Void> left = CompletableFuture.runAsync(leaves::close);
                long longestNanos = 0;
                do {
                    for (RoomSid room : rooms) {
                        long askedNanos = System.nanoTime();
                        assertThat(stays.rooms()
                                        .find(ACCOUNT, room.value())
                                        .toCompletableFuture()
                                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                                        .sid())
                                .isEqualTo(room);
                        longestNanos = Math.max(longestNanos, System.nanoTime() - askedNanos);
                    }
                } while (!left.isDone());
                left.get(DEADLINE_SECONDS, TimeUnit.SECONDS);

                assertThat(Duration.ofNanos(longestNanos)).isLessThan(ANSWER_MAX);
                assertThat(leaves.wasDowned()).isFalse();
                await(() -> metric(stays, "rotunda_rooms") == ROOMS);
                await(() -> metric(stays, "rotunda_cluster_members{role=\"room\"}") == 1);
            }
        }
    }

    private static List<RoomSid> createRooms(RotundaNode node) throws Exception {
        List<RoomSid> rooms = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
            rooms.add(node.rooms()
                    .create(ACCOUNT, "room-" + i, PROPERTIES)
                    .toCompletableFuture()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .sid());
        }
        return rooms;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private double metric(RotundaNode node, String name) throws IOException, InterruptedException {
        String page = http.send(
                        HttpRequest.newBuilder(URI.create(node.managementUrl() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(page);
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
