package org.rotunda.node.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Sends requests to the management port of a node. Used by one thread. */
final class ManagementClient {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
    private final String url;
    private final Optional<String> token;

    /**
     * @param node the host and the port of the management port
     * @param token the node's {@code rotunda.management.token}; empty if the node is on this machine
     * @throws RestRefusal if {@code node} is no address
     */
    ManagementClient(String node, Optional<String> token) throws RestRefusal {
        this.url = "http://" + node;
        this.token = token;
        try {
            URI parsed = URI.create(url);
            if (parsed.getHost() == null
                    || parsed.getPort() < 0
                    || !parsed.getPath().isEmpty()) {
                throw new IllegalArgumentException(node);
            }
        } catch (IllegalArgumentException malformed) {
            throw new RestRefusal(
                    "not the address of a management port, such as 10.0.0.14:7626: " + node, RestCommand.EXIT_USAGE);
        }
    }

    JsonNode get(String path) throws RestRefusal {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    JsonNode post(String path) throws RestRefusal {
        return send(HttpRequest.newBuilder(URI.create(url + path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private JsonNode send(HttpRequest.Builder request) throws RestRefusal {
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        HttpResponse<String> response;
        try {
            response = http.send(request.timeout(ANSWER_MAX).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException unreachable) {
            throw new RestRefusal(url + " does not answer", RestCommand.EXIT_UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestRefusal("interrupted", RestCommand.EXIT_UNAVAILABLE);
        }
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JsonProcessingException notJson) {
            throw new RestRefusal(
                    url + " answers with HTTP " + response.statusCode() + " and no JSON; is it the management port?",
                    RestCommand.EXIT_UNAVAILABLE);
        }
        if (response.statusCode() / 100 != 2) {
            throw new RestRefusal(
                    body.path("message").asText("HTTP " + response.statusCode()) + " (HTTP " + response.statusCode()
                            + ")",
                    RestCommand.EXIT_REFUSED);
        }
        return body;
    }
}
