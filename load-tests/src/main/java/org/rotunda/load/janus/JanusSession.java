package org.rotunda.load.janus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A session with Janus over its REST interface (Janus documentation, "RESTful, WebSockets, RabbitMQ, MQTT, Nanomsg and
 * UnixSockets API"). Many handles share it, and with it one long poll for the events of all. Thread-safe.
 */
public final class JanusSession implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The time limit of a request. Janus answers a long poll after 30 s if there is no event. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    /** The largest number of events in one answer to a long poll. */
    private static final int EVENTS_MAX = 50;

    private final HttpClient http;
    private final AtomicLong transactions = new AtomicLong();
    /** The requests whose event has not come, by transaction. */
    private final Map<String, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    private URI session;
    private volatile boolean closed;

    private JanusSession(HttpClient http, URI base) {
        this.http = http;
        session = base;
    }

    /** Creates a session and begins to poll its events. {@code base} ends with {@code /janus}. */
    public static CompletionStage<JanusSession> create(URI base) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        JanusSession created = new JanusSession(http, base);
        return created.post(base, created.request("create")).thenApply(answer -> {
            created.session =
                    URI.create(base + "/" + answer.path("data").path("id").asLong());
            created.poll();
            return created;
        });
    }

    /** Attaches a handle to the plugin VideoRoom and returns its address. */
    CompletionStage<URI> attach() {
        ObjectNode request = request("attach");
        request.put("plugin", "janus.plugin.videoroom");
        return post(session, request)
                .thenApply(answer -> URI.create(
                        session + "/" + answer.path("data").path("id").asLong()));
    }

    /**
     * Sends a message to the plugin of a handle, and returns the event that answers it.
     *
     * @param description the type and the text of a description, or an empty object
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes complete the event's stage.
    CompletionStage<JsonNode> send(URI handle, ObjectNode body, ObjectNode description) {
        if (closed) {
            return CompletableFuture.failedStage(new IllegalStateException("the session with Janus has ended"));
        }
        ObjectNode request = request("message");
        request.set("body", body);
        if (!description.isEmpty()) {
            request.set("jsep", description);
        }
        String transaction = request.path("transaction").asText();
        CompletableFuture<JsonNode> event = new CompletableFuture<>();
        waiting.put(transaction, event);
        post(handle, request).whenComplete((ack, failure) -> {
            if (failure != null) {
                waiting.remove(transaction);
                event.completeExceptionally(failure);
            } else if (ack.path("janus").asText().equals("success")) {
                complete(ack); // A synchronous answer: no event follows.
            }
        });
        return event;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private ObjectNode request(String verb) {
        ObjectNode request = object();
        request.put("janus", verb);
        request.put("transaction", "t" + transactions.incrementAndGet());
        return request;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are handled here.
    private void poll() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(session + "?maxev=" + EVENTS_MAX))
                .timeout(ANSWER)
                .build();
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            if (closed) {
                return;
            }
            if (failure != null) {
                fail(failure);
                return;
            }
            try {
                JsonNode events = JSON.readTree(answer.body());
                if (events.isArray()) {
                    events.forEach(this::complete);
                } else {
                    complete(events);
                }
            } catch (JsonProcessingException noJson) {
                fail(noJson);
                return;
            }
            poll();
        });
    }

    private void complete(JsonNode event) {
        CompletableFuture<JsonNode> request =
                waiting.remove(event.path("transaction").asText());
        if (request == null) {
            return; // For instance "webrtcup", which nobody asked for.
        }
        JsonNode data = event.path("plugindata").path("data");
        if (event.path("janus").asText().equals("error") || data.has("error")) {
            request.completeExceptionally(new IllegalStateException("Janus refused: " + event));
        } else {
            request.complete(event);
        }
    }

    /** Ends the session: without polls, no request would be answered any more. */
    private void fail(Throwable failure) {
        closed = true;
        waiting.values().forEach(request -> request.completeExceptionally(failure));
        waiting.clear();
    }

    private CompletableFuture<JsonNode> post(URI address, ObjectNode request) {
        HttpRequest post = HttpRequest.newBuilder(address)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build();
        return http.sendAsync(post, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            try {
                JsonNode read = JSON.readTree(answer.body());
                if (read.path("janus").asText().equals("error")) {
                    throw new IllegalStateException("Janus refused: " + read);
                }
                return read;
            } catch (JsonProcessingException noJson) {
                throw new CompletionException(noJson);
            }
        });
    }

    /** Ends the polls. The server forgets the session after its own timeout. */
    @Override
    public void close() {
        fail(new IllegalStateException("closed"));
    }
}
