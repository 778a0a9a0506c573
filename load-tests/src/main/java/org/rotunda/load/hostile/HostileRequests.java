package org.rotunda.load.hostile;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.rotunda.load.client.Tokens;

/** Floods the REST API with requests of one account from one address. An object must be used by one thread only. */
public final class HostileRequests {
    /** The status of a request whose connection the server closed without an answer. */
    public static final int NO_ANSWER = 0;

    private static final int AT_ONCE = 32;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;

    /** @param base the base URL of the REST API */
    public HostileRequests(String base) {
        this.base = base;
    }

    /** Sends GET requests, {@value #AT_ONCE} at a time. Returns the number of answers by status. */
    public Map<Integer, Integer> get(String path, String authToken, int count) {
        return flood(request(path, authToken).GET().build(), count);
    }

    /** Sends POST requests with a form of this length. Returns the number of answers by status. */
    public Map<Integer, Integer> post(String path, int bytes, int count) {
        String form = "UniqueName=" + "x".repeat(bytes);
        return flood(
                request(path, Tokens.AUTH_TOKEN)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                count);
    }

    private HttpRequest.Builder request(String path, String authToken) {
        byte[] credentials = (Tokens.ACCOUNT + ":" + authToken).getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    private Map<Integer, Integer> flood(HttpRequest request, int count) {
        Map<Integer, Integer> answers = new TreeMap<>();
        for (int sent = 0; sent < count; sent += AT_ONCE) {
            List<CompletableFuture<Integer>> pending = new ArrayList<>();
            for (int i = 0; i < Math.min(AT_ONCE, count - sent); i++) {
                pending.add(http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .handle((response, failure) -> failure == null ? response.statusCode() : NO_ANSWER));
            }
            pending.forEach(answer -> answers.merge(answer.join(), 1, Integer::sum));
        }
        return answers;
    }
}
