package org.rotunda.k8s;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.node.cluster.ClusterFormation;
import org.rotunda.node.cluster.FormingRight;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;

/**
 * Checks how nodes find each other through an API server over TLS. The nodes are real actor systems with the settings of
 * a node, each on an address of its own, without rooms, media and database.
 */
class DiscoveryTest {
    private static final String SELECTOR = "app.kubernetes.io/name=rotunda,app.kubernetes.io/component=room";
    private static final int DEADLINE_SECONDS = 60;
    private static final int CONTACT_POINTS_MIN = 2;

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private MockApi api;

    @BeforeEach
    void open() throws IOException {
        api = new MockApi(folder.resolve("credentials"), Integer.parseInt(System.getenv("ROTUNDA_TEST_API_PORT")));
    }

    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(
                system -> system.getWhenTerminated().toCompletableFuture().join());
        api.close();
    }

    /** A pod with a management port, as the API server knows it. */
    private record Pod(String name, String component, String address, int port) {
        static Pod on(String component, int number) throws IOException {
            String address = "127.0.0." + number;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
                return new Pod(component + "-" + number, component, address, socket.getLocalPort());
            }
        }

        String json(String namespace, String phase, String portName) {
            return """
                    {"apiVersion": "v1", "kind": "Pod",
                     "metadata": {"name": "%s", "namespace": "%s", "labels":
                       {"app.kubernetes.io/name": "rotunda", "app.kubernetes.io/component": "%s"}},
                     "spec": {"containers": [
                       {"name": "rotunda", "ports": [{"name": "%s", "containerPort": %d, "protocol": "TCP"}]}]},
                     "status": {"phase": "%s", "podIP": "%s", "containerStatuses": []}}
                    """.formatted(name, namespace, component, portName, port, phase, address);
        }
    }

    private void put(Pod pod, String namespace, String phase, String portName) {
        api.put("/api/v1/namespaces/" + namespace + "/pods", pod.name(), pod.json(namespace, phase, portName));
    }

    private void putRunning(Pod pod, String namespace) {
        put(pod, namespace, "Running", "management");
    }

    /** Starts a node in a pod, and lets it join. */
    private CompletableFuture<Done> join(Pod pod, String namespace, Path token, String timeout) throws IOException {
        Map<String, String> keys = new HashMap<>(Map.of(
                "rotunda.node.roles",
                "[" + pod.component() + "]",
                "rotunda.cluster.host",
                pod.address(),
                "rotunda.cluster.discovery.method",
                "kubernetes",
                "rotunda.cluster.discovery.namespace",
                namespace,
                "rotunda.cluster.discovery.label-selector",
                '"' + SELECTOR + '"',
                "rotunda.cluster.discovery.contact-points-min",
                Integer.toString(CONTACT_POINTS_MIN),
                "rotunda.cluster.join-timeout",
                timeout,
                "rotunda.management.host",
                pod.address(),
                "rotunda.management.port",
                Integer.toString(pod.port()),
                "rotunda.db.url",
                "\"jdbc:postgresql://127.0.0.1:1/none\"")); // The test opens no database.
        Path file = Files.writeString(folder.resolve("node.conf"), "rotunda.node.mode = production");
        Config config = ConfigFactory.parseString(
                        """
                pekko.discovery.kubernetes-api {
                  api-ca-path = "%s"
                  api-token-path = "%s"
                  api-service-host-env-name = ROTUNDA_TEST_API_HOST
                  api-service-port-env-name = ROTUNDA_TEST_API_PORT
                }
                pekko.management.cluster.bootstrap.contact-point-discovery.stable-margin = 1s
                """.formatted(api.credentials().resolve("ca.crt"), token))
                .withFallback(NodeConfiguration.file(file, keys));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotunda", config);
        systems.add(system);
        PekkoManagement.get(system).start().toCompletableFuture().join();
        FormingRight right = pod.component().equals("room") ? FormingRight.ALWAYS : FormingRight.NEVER;
        return ClusterFormation.join(
                        system, NodeSettings.from(config.getConfig("rotunda")).cluster(), right)
                .toCompletableFuture();
    }

    private Path token() {
        return api.credentials().resolve("token");
    }

    private static long members(ActorSystem<?> system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up())
                .count();
    }

    @Test
    void roomPodsFormOneClusterThatMediaPodsJoin() throws Exception {
        List<Pod> pods = List.of(Pod.on("room", 11), Pod.on("room", 12), Pod.on("room", 13), Pod.on("media", 14));
        for (Pod pod : pods) {
            putRunning(pod, "whole");
        }
        putRunning(Pod.on("media", 15), "whole"); // It runs but does not answer, and must keep nobody waiting.
        List<CompletableFuture<Done>> joins = new ArrayList<>();
        for (Pod pod : pods) {
            joins.add(join(pod, "whole", token(), "60s"));
        }

        for (CompletableFuture<Done> join : joins) {
            assertThat(join).succeedsWithin(DEADLINE_SECONDS, SECONDS);
        }
        // A node knows of itself first, and of the last that came by gossip.
        await().atMost(DEADLINE_SECONDS, SECONDS)
                .untilAsserted(() ->
                        assertThat(systems).extracting(DiscoveryTest::members).containsOnly(4L));
    }

    /** Whatever the API server answers, no node forms a cluster of its own. */
    @Test
    void aNodeThatFindsTooFewFormsNoClusterOfOne() throws Exception {
        Path expired = Files.writeString(folder.resolve("expired"), "expired");
        api.refuse("/namespaces/forbidden/", 403);
        api.refuse("/namespaces/broken/", 500);
        List<CompletableFuture<Done>> joins = new ArrayList<>();
        int number = 21;
        for (String namespace :
                List.of("unknown-token", "forbidden", "broken", "empty", "alone", "pending", "other-port")) {
            Pod self = Pod.on("room", number++);
            Pod other = Pod.on("room", 100 + number);
            switch (namespace) {
                case "alone" -> putRunning(self, namespace);
                case "pending" -> {
                    putRunning(self, namespace);
                    put(other, namespace, "Pending", "management");
                }
                case "other-port" -> {
                    putRunning(self, namespace);
                    put(other, namespace, "Running", "metrics");
                }
                default -> {}
            }
            joins.add(join(self, namespace, namespace.equals("unknown-token") ? expired : token(), "5s"));
        }

        for (CompletableFuture<Done> join : joins) {
            assertThatThrownBy(() -> join.get(DEADLINE_SECONDS, SECONDS))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is no member of a cluster after 5 s");
        }
        assertThat(systems).extracting(DiscoveryTest::members).containsOnly(0L);
    }
}
