package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The requests of the REST bench, over connections that stay open. Each method returns the answer's body, and fails if
 * the answer has another status than a success has. Callable from any thread.
 */
final class RestCalls {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int SHOWN_MAX = 200; // The most characters of a refusal that a message shows.

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_MAX)
            .build();
    private final String url;

    /** Creates the calls of a node. {@code url} is the address of its REST API. */
    RestCalls(String url) {
        this.url = url;
    }

    /** An answer that is not the answer of a success. The message has its status and the beginning of its body. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Creates a room.
     *
     * @param parameters further parameters, such as {@code StatusCallback}
     */
    byte[] create(BenchAccount account, String name, Map<String, String> parameters)
            throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        form.put("UniqueName", name);
        return post(account, "/v1/Rooms", form, CREATED);
    }

    /** Completes the room in progress that has this name. */
    byte[] complete(BenchAccount account, String name) throws IOException, InterruptedException {
        return post(account, "/v1/Rooms/" + encode(name), Map.of("Status", "completed"), ACCEPTED);
    }

    /** Reads a resource. {@code path} begins with a slash and may have a query. */
    byte[] get(BenchAccount account, String path) throws IOException, InterruptedException {
        return send(request(account, path).GET(), OK);
    }

    private byte[] post(BenchAccount account, String path, Map<String, String> form, int success)
            throws IOException, InterruptedException {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        return send(
                request(account, path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)),
                success);
    }

    private HttpRequest.Builder request(BenchAccount account, String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER_MAX)
                .header("Authorization", account.authorization());
    }

    private byte[] send(HttpRequest.Builder request, int success) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != success) {
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            throw new RefusedException(
                    answer.statusCode() + " " + body.substring(0, Math.min(body.length(), SHOWN_MAX)));
        }
        return answer.body();
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
