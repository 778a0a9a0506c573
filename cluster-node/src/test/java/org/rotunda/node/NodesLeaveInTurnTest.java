package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.testkit.PostgresServer;

/** Tests two room nodes of three that are stopped at the same time: one waits until the other has left. */
class NodesLeaveInTurnTest {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final long DEADLINE_SECONDS = 120;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void theSecondNodeWaitsUntilTheFirstHasLeft(@TempDir Path directory) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(directory)) {
            String url = postgres.createDatabase();
            int seed = TestNodeKeys.freePort();
            int firstPort = TestNodeKeys.freePort();
            int secondPort = TestNodeKeys.freePort();
            try (RotundaNode stays = start(url, seed, seed);
                    RotundaNode first = start(url, firstPort, seed);
                    RotundaNode second = start(url, secondPort, seed)) {
                await(() -> metric(stays, "rotunda_cluster_members{role=\"room\"}") == 3);

                CompletableFuture<Void> firstLeft = CompletableFuture.runAsync(first::close);
                await(() -> metric(first, "rotunda_drain_state{state=\"draining\"}") == 1);
                CompletableFuture<Void> secondLeft = CompletableFuture.runAsync(second::close);
                await(() -> waitsFor(second).equals(List.of("127.0.0.1:" + firstPort)));
                assertThat(metric(stays, "rotunda_cluster_members{role=\"room\"}"))
                        .as("the one that waits is still a member")
                        .isGreaterThanOrEqualTo(2);
                assertThat(metric(second, "rotunda_drain_state{state=\"waiting\"}"))
                        .isEqualTo(1);

                firstLeft.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                secondLeft.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                await(() -> metric(stays, "rotunda_cluster_members{role=\"room\"}") == 1);
            }
        }
    }

    private static RotundaNode start(String databaseUrl, int port, int seed) {
        Map<String, String> keys = TestNodeKeys.of(databaseUrl, port, seed, "[room]");
        return RotundaNode.start(NodeConfiguration.dev(keys));
    }

    private List<String> waitsFor(RotundaNode node) throws IOException, InterruptedException {
        JsonNode drain = new ObjectMapper().readTree(get(node, "/drain"));
        return drain.path("waits_for").valueStream().map(JsonNode::asText).toList();
    }

    private double metric(RotundaNode node, String name) throws IOException, InterruptedException {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get(node, "/metrics"));
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private String get(RotundaNode node, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create(node.managementUrl() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
