package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.testkit.PostgresServer;

/** Tests two nodes that use TLS between each other as docs/operations.md describes, and strangers that may not join. */
@Tag("long")
class TlsBetweenNodesTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    private static final RoomProperties PROPERTIES = new RoomProperties(
            RoomType.GROUP, 50, 14_400, 5, 5, false, List.of(VideoCodec.VP8), "us1", false, false, null, "POST");
    private static final int ROOMS = 8;
    private static final long DEADLINE_SECONDS = 60;

    @Test
    void nodesOfOneAuthorityFormAClusterAndStrangersDoNotJoin(@TempDir Path directory) throws Exception {
        Path ours = new TestAuthority(directory.resolve("ours")).issue("rotunda");
        Path theirs = new TestAuthority(directory.resolve("theirs")).issue("rotunda");
        try (PostgresServer postgres = PostgresServer.start(directory)) {
            String url = postgres.createDatabase();
            int seed = TestNodeKeys.freePort();
            try (RotundaNode first = RotundaNode.start(NodeConfiguration.dev(keys(url, seed, seed, tls(ours))));
                    RotundaNode second = RotundaNode.start(
                            NodeConfiguration.dev(keys(url, TestNodeKeys.freePort(), seed, tls(ours))))) {
                for (int i = 0; i < ROOMS; i++) { // Some of these rooms are on the other node.
                    RoomView room = await(first.rooms().create(ACCOUNT, "room-" + i, PROPERTIES));
                    assertThat(await(second.rooms().find(ACCOUNT, "room-" + i))).isEqualTo(room);
                }

                assertDoesNotJoin(keys(url, TestNodeKeys.freePort(), seed, tls(theirs)));
                assertDoesNotJoin(keys(url, TestNodeKeys.freePort(), seed, Map.of())); // This node speaks no TLS.
            }
        }
    }

    private static void assertDoesNotJoin(Map<String, String> keys) {
        keys.put("rotunda.cluster.join-timeout", "4s");
        assertThatThrownBy(() -> RotundaNode.start(NodeConfiguration.dev(keys)).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no member of a cluster");
    }

    /** Returns the configuration keys for TLS, as docs/operations.md lists them. */
    private static Map<String, String> tls(Path mounted) {
        return Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                "pekko.remote.artery.ssl.ssl-engine-provider",
                "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
                "pekko.remote.artery.ssl.rotating-keys-engine.secret-mount-point",
                "\"" + mounted + "\"");
    }

    private static Map<String, String> keys(String url, int port, int seed, Map<String, String> tls) {
        Map<String, String> keys = TestNodeKeys.of(url, port, seed, "[gateway, room]");
        keys.putAll(tls);
        return keys;
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
