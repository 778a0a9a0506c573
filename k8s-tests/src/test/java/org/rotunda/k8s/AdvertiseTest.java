package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Checks how a media node learns the addresses that clients are told, from an API server over TLS. */
class AdvertiseTest {
    private static final String SERVICES = "/api/v1/namespaces/rotunda/services";
    private static final String NODES = "/api/v1/nodes";

    @TempDir
    private Path folder = Path.of("");

    private MockApi api;

    @BeforeEach
    void open() throws IOException {
        api = new MockApi(folder.resolve("credentials"));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static String service(String type, String status, int... ports) {
        StringBuilder list = new StringBuilder();
        for (int loop = 0; loop < ports.length; loop++) {
            list.append(loop == 0 ? "" : ",")
                    .append("{\"name\":\"media-%d\",\"protocol\":\"UDP\",\"port\":%d,\"nodePort\":%d}"
                            .formatted(loop, ports[loop], ports[loop] + 20_000));
        }
        return """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "media-3", "namespace": "rotunda"},
                 "spec": {"type": "%s", "ports": [%s]}, "status": {"loadBalancer": {%s}}}
                """.formatted(type, list, status);
    }

    private static String node(String addresses) {
        return """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "machine-1"},
                 "status": {"addresses": [%s]}}
                """.formatted(addresses);
    }

    private Map<String, String> keys(String from) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "rotunda.node.roles", "[media]",
                "rotunda.cluster.port", "0",
                "rotunda.management.port", "0",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "2",
                "rotunda.media.advertise-from", from,
                "rotunda.kubernetes.pod-name", "media-3",
                "rotunda.kubernetes.node-name", "machine-1",
                "rotunda.kubernetes.api-server", '"' + api.url() + '"',
                "rotunda.kubernetes.credentials", '"' + api.credentials().toString() + '"'));
        return keys;
    }

    private RotundaNode start(Map<String, String> keys) throws IOException {
        Path file = Files.writeString(folder.resolve("media.conf"), "rotunda.node.mode = production");
        return RotundaNode.start(NodeConfiguration.file(file, keys));
    }

    private static List<String> told(RotundaNode node) {
        return get(node.managementUrl() + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("rotunda_media_advertised{"))
                .map(line -> line.replaceAll(".*address=\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private static HttpResponse<String> get(String url) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void isNotReadyUntilTheLoadBalancerHasAnAddress() throws Exception {
        api.put(SERVICES, "media-3", service("LoadBalancer", "", 10_000, 10_001));
        int management = freePort();
        Map<String, String> keys = keys("service");
        keys.put("rotunda.management.port", Integer.toString(management));
        CompletableFuture<RotundaNode> starting = new CompletableFuture<>();
        Thread starter = new Thread(() -> {
            try {
                starting.complete(start(keys));
            } catch (IOException | RuntimeException failure) {
                starting.completeExceptionally(failure);
            }
        });
        starter.start();
        String url = "http://127.0.0.1:" + management;
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> get(url + "/alive").statusCode() == 200);
        assertThat(get(url + "/ready").statusCode()).isNotEqualTo(200);
        assertThat(starting).isNotDone();

        api.put(
                SERVICES,
                "media-3",
                service("LoadBalancer", "\"ingress\": [{\"ip\": \"203.0.113.7\"}]", 10_000, 10_001));

        try (RotundaNode node = starting.get(60, TimeUnit.SECONDS)) {
            assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
            assertThat(told(node)).containsExactlyInAnyOrder("203.0.113.7:10000", "203.0.113.7:10001");
        }
        starter.join();
    }

    @Test
    void takesNodePortsAtTheExternalAddressOfTheMachine() throws IOException {
        api.put(SERVICES, "media-3", service("NodePort", "", 10_000, 10_001));
        api.put(
                NODES,
                "machine-1",
                node("{\"type\": \"InternalIP\", \"address\": \"10.0.0.5\"},"
                        + "{\"type\": \"ExternalIP\", \"address\": \"2001:db8::5\"},"
                        + "{\"type\": \"ExternalIP\", \"address\": \"203.0.113.5\"}"));

        try (RotundaNode node = start(keys("service"))) {
            assertThat(told(node)).containsExactlyInAnyOrder("203.0.113.5:30000", "203.0.113.5:30001");
        }
    }

    @Test
    void saysWhatIsMissing() {
        Map<String, String> keys = keys("service");
        keys.put("rotunda.media.advertise-timeout", "1500 ms");

        assertThatThrownBy(() -> start(keys))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is no Service media-3 in namespace rotunda");
        api.refuse("/", 403);
        assertThatThrownBy(() -> start(keys))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("may not read Service media-3 in namespace rotunda (403)")
                .hasMessageContaining("the verb get for services");
        api.refuse("/", 0);
        api.put(SERVICES, "media-3", service("ClusterIP", "", 10_000, 10_001));
        assertThatThrownBy(() -> start(keys))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Service media-3 has the type ClusterIP");
    }

    @Test
    void namesARefusedTokenAndReadsTheNextOne() throws IOException {
        api.put(
                SERVICES,
                "media-3",
                service("LoadBalancer", "\"ingress\": [{\"hostname\": \"127.0.0.1\"}]", 10_000, 10_001));
        Path token = api.credentials().resolve("token");
        String good = Files.readString(token);
        Files.writeString(token, "expired");
        Map<String, String> keys = keys("service");
        keys.put("rotunda.media.advertise-timeout", "1500 ms");

        assertThatThrownBy(() -> start(keys)).hasMessageContaining("does not accept the token of this pod (401)");
        Files.writeString(token, good);
        try (RotundaNode node = start(keys)) {
            assertThat(told(node)).containsExactlyInAnyOrder("127.0.0.1:10000", "127.0.0.1:10001");
        }
    }

    @Test
    void trustsOnlyTheAuthorityOfTheCluster() throws IOException {
        Files.writeString(api.credentials().resolve("ca.crt"), new TestCertificates().authorityPem());
        Map<String, String> keys = keys("service");
        keys.put("rotunda.media.advertise-timeout", "1500 ms");

        assertThatThrownBy(() -> start(keys))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be asked");
    }

    @Test
    void refusesAServiceWithFewerPortsThanLoopsAtOnce() {
        api.put(SERVICES, "media-3", service("LoadBalancer", "", 10_000));

        assertThatThrownBy(() -> start(keys("service")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Service media-3 names 1 of 2 ports");
    }

    @Test
    void countsPortsFromTheNumberOfThePodWithoutAsking() throws IOException {
        Map<String, String> keys = keys("ordinal");
        keys.put("rotunda.media.advertise-first", "\"203.0.113.9:20000\"");
        api.refuse("/", 500);

        try (RotundaNode node = start(keys)) {
            assertThat(told(node)).containsExactlyInAnyOrder("203.0.113.9:20006", "203.0.113.9:20007");
        }
    }
}
