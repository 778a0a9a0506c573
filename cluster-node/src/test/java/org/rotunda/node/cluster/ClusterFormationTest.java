package org.rotunda.node.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;

/** Tests how real actor systems form a cluster over loopback. */
class ClusterFormationTest {
    private static final long DEADLINE_SECONDS = 60;

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(
                system -> system.getWhenTerminated().toCompletableFuture().join());
    }

    @Test
    void theFirstSeedFormsTheClusterAndTheOthersWaitForIt() throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\", \"127.0.0.1:" + secondPort + "\"]";
        CompletableFuture<Done> second = join(seeded(secondPort, seeds));
        assertThat(second).isNotDone();

        CompletableFuture<Done> first = join(seeded(firstPort, seeds));

        assertThat(first).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(second).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(membersOf(systems.get(0))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    /**
     * Tests a first seed whose side of a split cluster was in the minority. If the seed formed a cluster again, two
     * clusters would use one database.
     */
    @Test
    void theFirstSeedWaitsForTheOthersWhenItWasCountedAsLost() throws Exception {
        int firstPort = freePort();
        int secondPort = freePort();
        String seeds = "[\"127.0.0.1:" + firstPort + "\", \"127.0.0.1:" + secondPort + "\"]";
        Config first = complete(seeded(firstPort, seeds));
        CompletableFuture<Done> again = join(NodeConfiguration.rejoining(first));
        String alone = "[\"127.0.0.1:" + secondPort + "\"]"; // The cluster went on without the first seed.

        assertThat(again).isNotDone();
        assertThat(join(seeded(secondPort, alone))).succeedsWithin(DEADLINE_SECONDS, SECONDS);

        assertThat(again).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(membersOf(systems.get(0))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    @Test
    void aNodeThatFindsNoSeedReportsThat() throws Exception {
        int nobody = freePort();
        Map<String, String> keys = new HashMap<>(seeded(freePort(), "[\"127.0.0.1:" + nobody + "\"]"));
        keys.put("rotunda.cluster.join-timeout", "1s");

        assertThatThrownBy(() -> join(keys).get(DEADLINE_SECONDS, SECONDS))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no member of a cluster after 1 s; it joins through 127.0.0.1:" + nobody)
                .hasMessageEndingWith("the first of them forms the cluster, so it must have been started");
    }

    @Test
    void aNodeWhoseSettingsDoNotFitTheClusterIsRefused() throws Exception {
        int port = freePort();
        String seeds = "[\"127.0.0.1:" + port + "\"]";
        assertThat(join(seeded(port, seeds))).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        Map<String, String> keys = new HashMap<>(seeded(freePort(), seeds));
        keys.put("pekko.cluster.split-brain-resolver.active-strategy", "keep-oldest");

        assertThatThrownBy(() -> join(keys).get(DEADLINE_SECONDS, SECONDS))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the cluster refuses this node");
    }

    /** Tests discovery as on Kubernetes, with a fixed list of nodes instead of the Kubernetes API. */
    @Test
    void nodesThatFindEachOtherFormOneCluster() throws Exception {
        int firstManagement = freePort();
        int secondManagement = freePort();
        Config list = ConfigFactory.parseString("""
            pekko.management.cluster.bootstrap.contact-point-discovery {
              discovery-method = config
              port-name = ""
              stable-margin = 1s
            }
            pekko.management.cluster.bootstrap.contact-point.filter-on-fallback-port = false
            pekko.discovery.config.services.rotunda.endpoints = [
              { host = 127.0.0.1, port = %d }, { host = 127.0.0.1, port = %d }
            ]
            """.formatted(firstManagement, secondManagement));
        int firstPort = freePort();
        int secondPort = freePort();

        CompletableFuture<Done> first = join(list.withFallback(discovering(firstPort, firstManagement)));
        CompletableFuture<Done> second = join(list.withFallback(discovering(secondPort, secondManagement)));

        assertThat(first).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(second).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        assertThat(membersOf(systems.get(1))).containsExactlyInAnyOrder(firstPort, secondPort);
    }

    private static Map<String, String> seeded(int port, String seeds) {
        return Map.of("rotunda.cluster.port", Integer.toString(port), "rotunda.cluster.seeds", seeds);
    }

    private static Config discovering(int port, int managementPort) {
        return complete(Map.of(
                "rotunda.cluster.port", Integer.toString(port),
                "rotunda.cluster.discovery.method", "kubernetes",
                "rotunda.management.port", Integer.toString(managementPort)));
    }

    private CompletableFuture<Done> join(Map<String, String> keys) {
        return join(complete(keys));
    }

    private CompletableFuture<Done> join(Config config) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotunda", config);
        systems.add(system);
        NodeSettings settings = NodeSettings.from(config.getConfig("rotunda"));
        if (settings.cluster().discovery().isPresent()) {
            PekkoManagement.get(system).start().toCompletableFuture().join();
        }
        return ClusterFormation.join(system, settings.cluster()).toCompletableFuture();
    }

    private static Config complete(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("rotunda.db.url", "\"jdbc:postgresql://127.0.0.1:1/none\""); // The tests open no database.
        return NodeConfiguration.dev(all);
    }

    private static List<Integer> membersOf(ActorSystem<?> system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .map(member -> member.address().getPort().orElseThrow())
                .collect(Collectors.toList());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
