package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.node.config.NodeConfiguration;

/** A node that is taken for lost stops by itself and says so with its exit code, so that a supervisor starts it again. */
class NodeDownedTest {
    private static final long DEADLINE_SECONDS = 60;

    @Test
    void aNodeThatIsDownedStopsInOrderAndSaysSo() throws Exception {
        CompletableFuture<RotundaNode> started = new CompletableFuture<>();
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(() -> run("downed", started), task -> new Thread(task, "node").start());

        started.get(DEADLINE_SECONDS, TimeUnit.SECONDS).downSelf();

        assertThat(exitCode.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(NodeProcess.EXIT_DOWNED);
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
    void aNodeThatIsOnlyToBecomeReadyStopsByItself() {
        List<String> lines = new ArrayList<>();

        int exitCode = NodeProcess.run(
                NodeConfiguration.dev(keys("ready")),
                node -> {
                    lines.add("ready");
                    return "";
                },
                true);

        assertThat(exitCode).isZero();
        assertThat(lines).containsExactly("ready");
    }

    private static int run(String database, CompletableFuture<RotundaNode> started) {
        return NodeProcess.run(
                NodeConfiguration.dev(keys(database)),
                node -> {
                    started.complete(node);
                    return "";
                },
                false);
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
