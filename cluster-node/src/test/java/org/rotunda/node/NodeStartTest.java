package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.node.cluster.NeighbouringVersions;
import org.rotunda.node.cluster.VersionGate;
import org.rotunda.node.cluster.VersionRefusedException;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.readmodel.Database;

/**
 * Tests the start of a node without a database, and starts that fail because a database does not answer or a port is in
 * use.
 */
class NodeStartTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void databaseThatDoesNotAnswerEndsTheStart() {
        assertThatThrownBy(() -> RotundaNode.start(NodeConfiguration.dev(Map.of(
                        "rotunda.db.url", "\"jdbc:postgresql://127.0.0.1:1/none?password=secret\"",
                        "rotunda.db.connection-timeout", "1s",
                        "rotunda.db.start-timeout", "0s"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the database of rotunda.db.url cannot be used")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aNodeWithTheRoleMediaAloneOpensNoDatabase() {
        try (RotundaNode node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.node.roles", "[media]",
                "rotunda.management.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:postgresql://127.0.0.1:1/none\"",
                "rotunda.db.start-timeout", "0s")))) {
            assertThat(node.httpUrl()).isEmpty();
            assertThatThrownBy(node::rooms).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNodeTellsTheClusterItsVersion() {
        try (RotundaNode node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.node.roles", "[media]",
                "rotunda.management.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1")))) {
            assertThat(node.version()).isEqualTo(Version.build().version());
        }
    }

    @Test
    void aNodeTwoVersionsAwayFromTheSchemaIsRefused() {
        Config old = NodeConfiguration.dev(Map.of(
                "rotunda.db.url", "\"jdbc:h2:mem:versions;DB_CLOSE_DELAY=-1\"", NeighbouringVersions.KEY, "\"0.7.3\""));
        Database.open(old.getConfig("rotunda.db"), new VersionGate("0.9.0")).close();

        assertThatThrownBy(() -> RotundaNode.start(old))
                .isInstanceOf(VersionRefusedException.class)
                .hasMessageContaining("this node has version 0.7, but version 0.9 has run on this database");
        assertThat(NodeProcess.run(old, node -> {}, true)).isEqualTo(Main.EXIT_CONFIGURATION);
    }

    @Test
    void mediaPortThatIsTakenEndsTheStart() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            assertThatThrownBy(() -> RotundaNode.start(NodeConfiguration.dev(Map.of(
                            "rotunda.http.port", "0",
                            "rotunda.management.port", "0",
                            "rotunda.media.bind", "\"127.0.0.1\"",
                            "rotunda.media.port", Integer.toString(taken.getLocalPort()),
                            "rotunda.media.loops", "1",
                            "rotunda.db.url", "\"jdbc:h2:mem:start;DB_CLOSE_DELAY=-1\""))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
        }
    }
}
