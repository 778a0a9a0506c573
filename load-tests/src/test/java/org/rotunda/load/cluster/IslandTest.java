package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.load.testkit.Await;

/** Tests that an island can be cut off and connected again. */
class IslandTest {
    @BeforeEach
    void needsRoot() {
        assumeTrue(Island.isPossible(), "needs root and ip(8), to make network namespaces");
    }

    @Test
    void aCutAffectsOnlyTheLinkToTheOtherNodes() throws Exception {
        try (Island island = Island.create();
                ServerSocket node = listen(island.mainland().clusterHost());
                ServerSocket relay = listen(island.place(true).databaseHost())) {
            assertThat(reaches(island, node)).isTrue();
            assertThat(reaches(island, relay)).isTrue();

            island.cut();
            assertThat(reaches(island, node)).isFalse();
            assertThat(reaches(island, relay)).isTrue();

            island.heal();
            Await.until("the link to be back", ClusterRig.START, () -> reaches(island, node));
        }
    }

    @Test
    void anIslandCanBeCreatedAgain() {
        Island.create().close();
        Island.create().close();
    }

    private static ServerSocket listen(String host) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
        return server;
    }

    /** Returns whether a connection from the island is accepted within a second. */
    private static boolean reaches(Island island, ServerSocket server) {
        List<String> command = new ArrayList<>(island.place(false).launcher());
        command.addAll(List.of(
                "timeout",
                "1",
                "bash",
                "-c",
                ": < /dev/tcp/" + server.getInetAddress().getHostAddress() + "/" + server.getLocalPort()));
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
