package org.rotunda.node.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sends requests to the REST API of a node. Used by one thread. */
final class RestClient {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private static final int HTTP_NO_CONTENT = 204;
    private static final int PAGE_SIZE_MAX = 1_000;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
    private final RestCredentials credentials;

    RestClient(RestCredentials credentials) {
        this.credentials = credentials;
    }

    /** Returns the SID with which the requests are authenticated. */
    String user() {
        return credentials.user();
    }

    /** Returns a client of the same node with other credentials. */
    RestClient as(String user, String password) {
        return new RestClient(new RestCredentials(credentials.url(), user, password));
    }

    JsonNode get(String path) throws RestRefusal {
        return send(request(path).GET());
    }

    JsonNode post(String path, Map<String, String> form) throws RestRefusal {
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .POST(BodyPublishers.ofString(body)));
    }

    void delete(String path) throws RestRefusal {
        send(request(path).DELETE());
    }

    /**
     * Reads all pages of a list of the account API.
     *
     * @param key the name of the array
     */
    List<JsonNode> list(String path, String key) throws RestRefusal {
        List<JsonNode> all = new ArrayList<>();
        String next = path;
        while (!next.isEmpty()) {
            JsonNode page = get(next);
            page.path(key).forEach(all::add);
            next = page.path("next_page_uri").isTextual()
                    ? page.path("next_page_uri").asText()
                    : "";
        }
        return all;
    }

    /**
     * Reads the first records of a list of the video API.
     *
     * @param path the path of the list
     * @param key the name of the array
     * @param filters the filters by name; those without a value are left out
     * @param max the most records to read
     */
    List<JsonNode> records(String path, String key, Map<String, String> filters, int max) throws RestRefusal {
        String query = filters.entrySet().stream()
                .filter(filter -> !filter.getValue().isEmpty())
                .map(filter -> "&" + encode(filter.getKey()) + "=" + encode(filter.getValue()))
                .collect(Collectors.joining());
        String next = path + "?PageSize=" + Math.min(max, PAGE_SIZE_MAX) + query;
        List<JsonNode> all = new ArrayList<>();
        while (!next.isEmpty() && all.size() < max) {
            JsonNode page = get(next);
            page.path(key).forEach(all::add);
            JsonNode url = page.path("meta").path("next_page_url");
            next = url.isTextual() ? pathOf(url.asText()) : "";
        }
        return all.size() > max ? all.subList(0, max) : all;
    }

    /** Returns the path and the query of a link. The host of a link may be one that only applications reach. */
    private static String pathOf(String url) {
        URI uri = URI.create(url);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private HttpRequest.Builder request(String path) {
        String basic = credentials.user() + ":" + credentials.password();
        return HttpRequest.newBuilder(URI.create(credentials.url() + path))
                .timeout(ANSWER_MAX)
                .header("Accept", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode send(HttpRequest.Builder request) throws RestRefusal {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException unreachable) {
            String reason = unreachable.getMessage();
            throw new RestRefusal(
                    credentials.url() + " does not answer" + (reason == null || reason.isEmpty() ? "" : ": " + reason),
                    RestCommand.EXIT_UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestRefusal("interrupted", RestCommand.EXIT_UNAVAILABLE);
        }
        if (response.statusCode() == HTTP_NO_CONTENT) {
            return MissingNode.getInstance();
        }
        JsonNode body = parse(response);
        if (response.statusCode() / 100 != 2) {
            throw new RestRefusal(
                    body.path("message").asText("HTTP " + response.statusCode()) + " (code "
                            + body.path("code").asText("none") + ", HTTP " + response.statusCode() + ")",
                    RestCommand.EXIT_REFUSED);
        }
        return body;
    }

    private JsonNode parse(HttpResponse<String> response) throws RestRefusal {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException notJson) {
            throw new RestRefusal(
                    credentials.url() + " answers with HTTP " + response.statusCode() + " and no JSON; is it Rotunda?",
                    RestCommand.EXIT_UNAVAILABLE);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Encodes a text as one segment of a path. */
    static String segment(String text) {
        return encode(text).replace("+", "%20");
    }
}
