package org.rotunda.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/** Runs a gateway with fake rooms, and sends HTTP requests to it. */
public abstract class HttpFixture {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    protected static final HttpClient CLIENT = HttpClient.newHttpClient();
    protected static final Random RANDOM = new Random(3);
    protected static final String GOOD = basic(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN);
    protected static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";
    protected static GatewayFixture server;

    @BeforeAll
    protected static void start() {
        server = GatewayFixture.start();
    }

    @AfterAll
    protected static void stop() {
        server.close();
    }

    @AfterEach
    protected void roomsAnswer() {
        server.rooms.refuse(null);
    }

    protected static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    protected static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .header("Authorization", GOOD);
    }

    protected static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            ApiContract.check(response);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a request whose answer waits for the room, which the test plays. */
    protected static CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> {
                    ApiContract.check(response);
                    return response;
                });
    }

    protected static HttpResponse<String> get(String path) {
        return send(request(path));
    }

    protected static HttpResponse<String> post(String path, String form) {
        return send(request(path).header("Content-Type", FORM).POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    protected static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    protected static JsonNode json(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        ApiContract.check(response);
        return json(response.body());
    }

    protected static String base() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    protected static void assertFails(HttpResponse<String> response, int status, int code) {
        JsonNode error = json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.path("more_info").asText()).endsWith("/" + code);
        assertThat(error.size()).isEqualTo(4);
        assertAllowsPagesOfOtherOrigins(response);
    }

    protected static void assertAllowsPagesOfOtherOrigins(HttpResponse<?> response) {
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("Authorization, Content-Type");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("GET, POST, DELETE, OPTIONS");
    }

    protected static RoomView newRoom(String name, Instant created) {
        return server.rooms.put(server.rooms.room(GatewayFixture.ACCOUNT, name, created));
    }

    protected static RoomView completed(String name) {
        RoomView room = server.rooms.room(GatewayFixture.ACCOUNT, name, Instant.parse("2024-03-01T10:00:00.900Z"));
        return server.rooms.put(new RoomView(
                room.sid(),
                room.account(),
                room.uniqueName(),
                RoomStatus.COMPLETED,
                room.properties(),
                room.createdAt(),
                Instant.parse("2024-03-01T10:01:40Z"),
                Instant.parse("2024-03-01T10:01:40.100Z")));
    }

    protected static ParticipantView participant(
            RoomView room, String identity, ParticipantStatus status, @Nullable Instant ended) {
        Instant started = Instant.parse("2024-03-01T10:01:00Z");
        return new ParticipantView(
                ParticipantSid.random(RANDOM), room.sid(), room.account(), identity, status, started, started, ended);
    }
}
