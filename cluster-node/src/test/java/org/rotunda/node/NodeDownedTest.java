package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.rotunda.node.cluster.DownedException;
import org.rotunda.node.config.NodeConfiguration;

/**
 * Tests a node that its cluster counts as lost. The node stops and starts again at the same ports. After too many
 * losses, it ends with an exit code of its own.
 */
class NodeDownedTest {
    private static final long DEADLINE_SECONDS = 60;

    @Test
    void aNodeThatIsDownedStartsAgainUntilThatHappensTooOften() throws Exception {
        BlockingQueue<RotundaNode> started = new LinkedBlockingQueue<>();
        Map<String, String> keys = new HashMap<>(keys("downed"));
        List.of("rotunda.http.port", "rotunda.management.port", "rotunda.media.port", "rotunda.cluster.port")
                .forEach(key -> keys.put(key, Integer.toString(freePort())));
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(
                () -> NodeProcess.run(NodeConfiguration.dev(keys), started::add, false),
                task -> new Thread(task, "node").start());

        Set<String> mediaNodes = new HashSet<>();
        for (int i = 0; i <= Restarts.MAX; i++) {
            RotundaNode node = started.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(node).as("start %d, ended with %s", i + 1, exitCode).isNotNull();
            await(() -> !node.mediaNodes().live().isEmpty());
            node.mediaNodes().live().forEach(media -> mediaNodes.add(media.id()));
            node.downSelf();
        }
        assertThat(mediaNodes).as("the media router outlives the starts").hasSize(1);

        assertThat(exitCode.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(NodeProcess.EXIT_DOWNED);
        assertThat(started).isEmpty();
    }

    @Test
    void aNodeThatIsDownedWhileItJoinsStartsAgainUntilThatHappensTooOften() {
        AtomicInteger starts = new AtomicInteger();
        try (KeptParts router = new KeptParts()) {
            int exitCode = NodeProcess.run(
                    () -> {
                        starts.incrementAndGet();
                        throw new IllegalStateException("the node could not start", new DownedException());
                    },
                    router,
                    node -> {
                        throw new AssertionError("the node is not ready");
                    },
                    false);

            assertThat(exitCode).isEqualTo(NodeProcess.EXIT_DOWNED);
            assertThat(starts.get()).isEqualTo(Restarts.MAX + 1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void aNodeThatIsClosedEndsWithSuccess() throws Exception {
        CompletableFuture<RotundaNode> started = new CompletableFuture<>();
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(() -> run("closed", started), task -> new Thread(task, "node").start());

        started.get(DEADLINE_SECONDS, TimeUnit.SECONDS).close();

        assertThat(exitCode.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aNodeWithUntilReadyStopsByItself() {
        List<String> lines = new ArrayList<>();

        int exitCode = NodeProcess.run(NodeConfiguration.dev(keys("ready")), node -> lines.add("ready"), true);

        assertThat(exitCode).isZero();
        assertThat(lines).containsExactly("ready");
    }

    private static int run(String database, CompletableFuture<RotundaNode> started) {
        return NodeProcess.run(NodeConfiguration.dev(keys(database)), started::complete, false);
    }

    private static Map<String, String> keys(String database) {
        return Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1\"");
    }
}
