package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the settings with which a node finds its cluster, the Pekko keys that follow from them, and the messages about
 * wrong settings.
 */
class ClusterSettingsTest {
    private static final String POSTGRESQL = "rotunda.db.url = \"jdbc:postgresql://db/rotunda\"\n";

    private final Path directory;

    ClusterSettingsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aNodeWithoutSeedsAndDiscoveryIsAClusterOfItsOwn() throws IOException {
        Config config = config("");
        ClusterSettings cluster = settings(config);

        assertThat(cluster.isShared()).isFalse();
        assertThat(cluster.describe()).isEqualTo("a cluster of its own");
        assertThat(cluster.joinTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.getString("pekko.management.http.routes.cluster-bootstrap"))
                .as("no other node asks it how to join")
                .isEmpty();
    }

    /** An idle node is woken by each tick, and by each thread of a pool that has too many of them. */
    @Test
    void pekkoWakesAnIdleNodeSeldom() throws IOException {
        Config config = config("");

        assertThat(config.getDuration("pekko.scheduler.tick-duration"))
                .as("with a longer tick the cluster starts a second scheduler")
                .isGreaterThanOrEqualTo(Duration.ofMillis(30))
                .isLessThanOrEqualTo(config.getDuration("pekko.cluster.scheduler.tick-duration"));
        for (String pool : List.of("default-dispatcher", "internal-dispatcher")) {
            Config threads = config.getConfig("pekko.actor." + pool + ".fork-join-executor");
            assertThat(threads.getInt("parallelism-min")).as(pool).isEqualTo(2);
            assertThat(threads.getDouble("parallelism-factor")).as(pool).isEqualTo(1.0);
        }
    }

    /** The intervals of a cluster decide how soon a lost node is noticed. A node that is alone wakes up for nothing. */
    @Test
    void onlyANodeThatIsAloneGossipsSeldom() throws IOException {
        String seeds = "rotunda.cluster.seeds = [\"10.0.0.1:7355\"], rotunda.cluster.host = 10.0.0.1\n" + POSTGRESQL;

        for (String interval :
                List.of("gossip-interval", "unreachable-nodes-reaper-interval", "leader-actions-interval")) {
            String key = "pekko.cluster." + interval;
            assertThat(config("").getDuration(key)).as(key).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(config(seeds).getDuration(key)).as(key).isLessThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void seedsAreJoinedAndTheFirstOfThemForms() throws IOException {
        String seeds = "rotunda.cluster.seeds = [\"10.0.0.1:7355\", \"10.0.0.2:7355\"]\n" + POSTGRESQL;

        ClusterSettings first = settings(config(seeds + "rotunda.cluster.host = 10.0.0.1"));
        ClusterSettings second = settings(config(seeds + "rotunda.cluster.host = 10.0.0.2"));

        assertThat(first.isFirstSeed()).isTrue();
        assertThat(first.describe()).isEqualTo("joins through 10.0.0.1:7355, 10.0.0.2:7355, as the first of them");
        assertThat(second.isFirstSeed()).isFalse();
        assertThat(second.describe()).isEqualTo("joins through 10.0.0.1:7355, 10.0.0.2:7355");
    }

    /**
     * A node with the role media alone opens no database, so its file needs none. Such a node must not be the first
     * seed, because it forms no cluster.
     */
    @Test
    void aMediaNodeNeedsNoDatabaseAndJoinsTheClustersOfOthers() throws IOException {
        String media = "rotunda { node.roles = [media], cluster.seeds = [\"10.0.0.1:7355\", \"10.0.0.2:7355\"] }\n";

        Config config = config(media + "rotunda.cluster.host = 10.0.0.2");

        assertThat(NodeSettings.from(config.getConfig("rotunda")).usesDatabase())
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(media + "rotunda.cluster.host = 10.0.0.1"))
                .withMessageContaining("rotunda.cluster.seeds names this node first");
        assertThat(NodeSettings.from(
                                config("rotunda.node.roles = [gateway, media]").getConfig("rotunda"))
                        .usesDatabase())
                .isTrue();
    }

    @Test
    void pekkoGetsTheAddressToListenOnAndTheAddressToBeReachedUnder() throws IOException {
        Config config = config("""
                rotunda.cluster { host = 203.0.113.7, port = 30055, bind-host = 0.0.0.0, bind-port = 7355 }
                """);

        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("203.0.113.7");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(30055);
        assertThat(config.getString("pekko.remote.artery.bind.hostname")).isEqualTo("0.0.0.0");
        assertThat(config.getInt("pekko.remote.artery.bind.port")).isEqualTo(7355);
    }

    @Test
    void lifelinesNeedOtherNodesAndRefusalsThatProveSomething() throws IOException {
        String seeds = "rotunda.cluster.seeds = [\"10.0.0.1:7355\"], rotunda.cluster.host = 10.0.0.1\n" + POSTGRESQL;

        assertThat(settings(config(seeds)).lifeline()).contains(new Endpoint("10.0.0.1", 7356));
        assertThat(settings(config(seeds + "rotunda.cluster { bind-host = 0.0.0.0, lifeline-port = 9 }"))
                        .lifeline())
                .contains(new Endpoint("0.0.0.0", 9));
        assertThat(settings(config(seeds + "rotunda.cluster.refused-is-lost = off"))
                        .lifeline())
                .isEmpty();
        assertThat(settings(config("")).lifeline()).isEmpty();
    }

    @Test
    void aNodeListensWhereItIsReachedUnlessItSaysOtherwise() throws IOException {
        Config config = config("");

        assertThat(config.getString("pekko.remote.artery.bind.hostname")).isEmpty();
        assertThat(config.getString("pekko.remote.artery.bind.port")).isEmpty();
    }

    @Test
    void pekkoGetsTheSettingsForFindingPods() throws IOException {
        Config config = config(POSTGRESQL + """
                rotunda.cluster {
                  host = 10.1.2.3
                  discovery {
                    method = kubernetes
                    namespace = calls
                    label-selector = "app.kubernetes.io/part-of=%s"
                    contact-points-min = 3
                  }
                }
                """);
        Config bootstrap = config.getConfig("pekko.management.cluster.bootstrap.contact-point-discovery");
        Config kubernetes = config.getConfig("pekko.discovery.kubernetes-api");

        assertThat(bootstrap.getString("discovery-method")).isEqualTo("kubernetes-api");
        assertThat(bootstrap.getString("service-name")).isEqualTo("rotunda");
        assertThat(bootstrap.getString("port-name")).isEqualTo("management");
        assertThat(bootstrap.getInt("required-contact-point-nr")).isEqualTo(3);
        assertThat(config.getString("pekko.management.cluster.bootstrap.join-decider.class"))
                .as("no cluster is formed without the claim in the database")
                .isEqualTo("org.rotunda.node.cluster.ClaimingJoinDecider");
        assertThat(kubernetes.getString("pod-namespace")).isEqualTo("calls");
        assertThat(kubernetes.getString("pod-label-selector")).isEqualTo("app.kubernetes.io/part-of=%s");
        assertThat(kubernetes.getBoolean("use-raw-ip")).isTrue();
        assertThat(config.getString("pekko.management.http.routes.cluster-bootstrap"))
                .as("nodes ask each other there")
                .isNotEmpty();
        assertThat(settings(config).describe())
                .isEqualTo("finds others by Kubernetes, pods app.kubernetes.io/part-of=rotunda in namespace calls, at"
                        + " least 3");
    }

    @Test
    void theNamespaceIsThatOfThePodUnlessOneIsNamed() throws IOException {
        Config config = config(POSTGRESQL + "rotunda.cluster { host = 10.1.2.3, discovery.method = kubernetes }");

        assertThat(config.getString("pekko.discovery.kubernetes-api.pod-namespace"))
                .isEqualTo("<pod-namespace>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seeds = ["a:1", "b:1"], discovery.method = kubernetes      | set only one of them
            seeds = ["a:1"], port = 0                                  | rotunda.cluster.port is 0
            seeds = ["a:0"]                                            | rotunda.cluster.seeds[0] = "a:0" in
            seeds = ["b:1", "a"]                                       | cannot be used; allowed: address:port
            seeds = ["a:99999"]                                        | cannot be used; allowed: address:port
            seeds = ["a:1", "b:1", "a:1"]                              | rotunda.cluster.seeds names a node twice
            seeds = ["a:1"], host = 0.0.0.0                            | rotunda.cluster.host is the address under which
            discovery.method = consul                                  | allowed: none or kubernetes
            discovery { method = kubernetes, contact-points-min = 0 }  | allowed: whole number, 1 or more
            discovery { method = kubernetes, port-name = "" }          | rotunda.cluster.discovery.port-name = "" in
            seeds = ["a:1"], join-timeout = 0                          | allowed: duration (ms, s, m, h or d) above 0
            """)
    void contradictionsAndWrongValuesAreRefused(String keys, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(POSTGRESQL + "rotunda.cluster { " + keys + " }"))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seeds = ["a:1"]
            discovery.method = kubernetes
            """)
    void nodesThatShareNoDatabaseAreRefused(String keys) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("rotunda.cluster { " + keys + " }"))
                .withMessageContaining("use PostgreSQL");
    }

    private Config config(String text) throws IOException {
        return NodeConfiguration.file(Files.writeString(directory.resolve("node.conf"), text), Map.of());
    }

    private static ClusterSettings settings(Config config) {
        return NodeSettings.from(config.getConfig("rotunda")).cluster();
    }
}
