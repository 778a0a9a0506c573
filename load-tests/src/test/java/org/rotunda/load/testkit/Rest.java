package org.rotunda.load.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rotunda.load.client.Tokens;

/** A client of the REST API that uses plain HTTP calls. */
public final class Rest {
    private static final int PAGE_SIZE = 1_000;
    // The time limit for an answer. It is necessary because a node that is stopped with SIGSTOP never answers.
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private static final int CREATES_REPEATED_MAX = 3;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String base;

    public Rest(String base) {
        this.base = base;
    }

    /**
     * Creates a room. A request that a busy node has answered with a 5xx is sent again, up to three times, as twilio-java
     * does. The gateway then makes no second room.
     */
    public JsonNode createRoom(String name, Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("UniqueName", name);
        HttpRequest create = post("/v1/Rooms", all);
        Answer answer = answer(create);
        for (int i = 0; i < CREATES_REPEATED_MAX && answer.status() >= 500; i++) {
            System.out.println("a create was answered with " + answer.status() + " and is sent again");
            answer = answer(create);
        }
        return bodyOf(create, answer, 201);
    }

    public JsonNode completeRoom(String nameOrSid) {
        return post("/v1/Rooms/" + nameOrSid, Map.of("Status", "completed"), 202);
    }

    public JsonNode disconnect(String room, String participant) {
        return post("/v1/Rooms/" + room + "/Participants/" + participant, Map.of("Status", "disconnected"), 202);
    }

    /** Replaces the identity of a participant who has left by its SID. */
    public JsonNode anonymize(String room, String participant) {
        return post("/v1/Rooms/" + room + "/Participants/" + participant + "/Anonymize", Map.of(), 200);
    }

    public JsonNode subscribeRules(String room, String participant) {
        return get("/v1/Rooms/" + room + "/Participants/" + participant + "/SubscribeRules");
    }

    /** Replaces the subscribe rules of a participant. The rules are a JSON list. */
    public JsonNode subscribeRules(String room, String participant, String rules) {
        return post(
                "/v1/Rooms/" + room + "/Participants/" + participant + "/SubscribeRules", Map.of("Rules", rules), 200);
    }

    /** Replaces the recording rules of a room. The rules are a JSON list. */
    public JsonNode recordingRules(String room, String rules) {
        return post("/v1/Rooms/" + room + "/RecordingRules", Map.of("Rules", rules), 200);
    }

    /** Returns the reasons why a participant who is in the room is sent what it is sent. */
    public JsonNode allocation(String room, String participant) {
        return get("/v1/Rooms/" + room + "/Participants/" + participant + "/Allocation");
    }

    /** Returns the tracks that a participant receives. */
    public JsonNode subscribedTracks(String room, String participant) {
        return get("/v1/Rooms/" + room + "/Participants/" + participant + "/SubscribedTracks?PageSize=" + PAGE_SIZE)
                .get("subscribed_tracks");
    }

    /** Returns the status callbacks of a room that have this status, those of the newest events first. */
    public JsonNode callbacks(String room, String status) {
        return get("/v1/StatusCallbacks?PageSize=" + PAGE_SIZE + "&RoomSid=" + room + "&Status=" + status)
                .get("status_callbacks");
    }

    public JsonNode resendCallback(String sid) {
        return post("/v1/StatusCallbacks/" + sid, Map.of("Status", "waiting"), 202);
    }

    public JsonNode participants(String room) {
        return get("/v1/Rooms/" + room + "/Participants?PageSize=" + PAGE_SIZE).get("participants");
    }

    /**
     * Returns the participants who have left.
     *
     * @param filter further query parameters, each with a leading {@code &}, or an empty text
     */
    public JsonNode departed(String room, String filter) {
        return get("/v1/Rooms/" + room + "/Participants?PageSize=" + PAGE_SIZE + "&Status=disconnected" + filter)
                .get("participants");
    }

    /** Returns all pages of a list, by following the links to the next page. */
    public List<JsonNode> pages(String path) {
        List<JsonNode> pages = new ArrayList<>();
        for (String next = path; !next.isEmpty(); ) {
            JsonNode page = get(next);
            pages.add(page);
            JsonNode url = page.path("meta").path("next_page_url");
            next = url.isTextual() ? url.asText().substring(base.length()) : "";
        }
        return pages;
    }

    /** Tries to read a participant and returns the answer, even if it is a refusal. */
    public Answer tryParticipant(String room, String participant) {
        return answer(request("/v1/Rooms/" + room + "/Participants/" + participant)
                .GET()
                .build());
    }

    public JsonNode room(String nameOrSid) {
        return get("/v1/Rooms/" + nameOrSid);
    }

    /** Returns the first page of the list of rooms with this status. In tests this page has all these rooms. */
    public JsonNode rooms(String status) {
        return get("/v1/Rooms?PageSize=" + PAGE_SIZE + "&Status=" + status).get("rooms");
    }

    /** The answer to a request, successful or not. */
    public record Answer(int status, JsonNode body) {
        /** Returns the error code of a refusal; 0 if there is no code. */
        public int code() {
            return body.path("code").asInt();
        }
    }

    /** Tries to create a room and returns the answer, even if it is a refusal. */
    public Answer tryCreateRoom(String name) {
        return answer(post("/v1/Rooms", Map.of("UniqueName", name)));
    }

    /** Tries to complete a room and returns the answer, even if it is a refusal. */
    public Answer tryCompleteRoom(String nameOrSid) {
        return answer(post("/v1/Rooms/" + nameOrSid, Map.of("Status", "completed")));
    }

    /** Tries to read a room and returns the answer, even if it is a refusal. */
    public Answer tryRoom(String nameOrSid) {
        return answer(request("/v1/Rooms/" + nameOrSid).GET().build());
    }

    /** Tries to list rooms with this query and returns the answer, even if it is a refusal. */
    public Answer tryRooms(String query) {
        return answer(request("/v1/Rooms?" + query).GET().build());
    }

    /** Returns whether a GET request succeeds in time; false if it is refused or not answered. */
    public boolean answers(String path, Duration patience) {
        try {
            return client.send(request(path).timeout(patience).GET().build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException silent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private JsonNode get(String path) {
        return send(request(path).GET().build(), 200);
    }

    private JsonNode post(String path, Map<String, String> form, int status) {
        return send(post(path, form), status);
    }

    private HttpRequest post(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        String credentials = Tokens.ACCOUNT + ":" + Tokens.AUTH_TOKEN;
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode send(HttpRequest request, int status) {
        return bodyOf(request, answer(request), status);
    }

    private static JsonNode bodyOf(HttpRequest request, Answer answer, int status) {
        if (answer.status() != status) {
            throw new AssertionError(request + " answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    private Answer answer(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json.readTree(response.body()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
