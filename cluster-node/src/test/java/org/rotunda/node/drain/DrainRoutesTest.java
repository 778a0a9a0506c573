package org.rotunda.node.drain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Tests the drain of a whole node over its management port. */
class DrainRoutesTest {
    private static final String TOKEN = "a-token-of-the-test";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static RotundaNode node;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.management.token", TOKEN,
                "rotunda.media.bind", "127.0.0.1",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:drain;DB_CLOSE_DELAY=-1\"")));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void undrain() throws Exception {
        assertThat(post("/undrain").statusCode()).isEqualTo(200);
    }

    @Test
    void describesANodeThatIsNotDrained() throws Exception {
        assertThat(drain())
                .isEqualTo(json("{\"state\":\"serving\",\"stops\":false,\"moved\":0,\"leaving\":0,\"left\":0,"
                        + "\"blocked\":false,\"sessions\":0,\"rooms_total\":0,\"waits_for\":[],\"rooms\":[]}"));
    }

    @Test
    void theOnlyNodeIsDrainedOnlyWithForce() throws Exception {
        HttpResponse<String> refused = post("/drain");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused.body()).path("message").asText()).contains("the role media", "force");
        assertThat(get("/ready")).isEqualTo(200);

        HttpResponse<String> accepted = post("/drain?force=true&within=20s");
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(get("/ready")).isNotEqualTo(200);
        assertThat(post("/drain").statusCode()).as("again").isEqualTo(200);
        awaitState("drained");
        assertThat(metric("rotunda_drain_state{state=\"drained\"}")).isEqualTo("1.0");
        assertThat(metric("rotunda_drain_left")).isEqualTo("0.0");

        assertThat(json(post("/undrain").body()).path("state").asText()).isEqualTo("serving");
        assertThat(get("/ready")).isEqualTo(200);
        assertThat(json(post("/undrain").body()).path("state").asText())
                .as("again")
                .isEqualTo("serving");
    }

    @ParameterizedTest
    @ValueSource(strings = {"within=-1", "within=20", "within=soon", "within=2h", "within=", "stop=maybe", "force=1"})
    void refusesWhatItDoesNotUnderstand(String parameters) throws Exception {
        HttpResponse<String> refused = post("/drain?force=true&" + parameters);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(drain().path("state").asText()).isEqualTo("serving");
    }

    @Test
    void takesOrdersFromThisMachineOrWithTheToken() throws Exception {
        assertThat(post("/undrain", "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(200);
        assertThat(post("/undrain", "Authorization", "Bearer another-token-of-it")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/drain?force=true", "Origin", "https://example.com").statusCode())
                .as("a page in a browser on this machine")
                .isEqualTo(403);
        assertThat(drain().path("state").asText()).isEqualTo("serving");
    }

    private void awaitState(String state) throws Exception {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!drain().path("state").asText().equals(state)) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadlineNanos);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private JsonNode drain() throws Exception {
        return json(send(request("/drain")).body());
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private int get(String path) throws Exception {
        return send(request(path)).statusCode();
    }

    private String metric(String name) throws Exception {
        return send(request("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.noBody());
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(node.managementUrl() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
