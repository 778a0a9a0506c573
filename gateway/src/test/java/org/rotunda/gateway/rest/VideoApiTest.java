package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.connection.GatewayStatistics.HttpOutcome;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.room.protocol.RoomView;

/** Tests the common rules of the REST API: credentials, methods, errors, links and CORS. */
class VideoApiTest extends HttpFixture {
    @Test
    void asksForCredentials() {
        HttpResponse<String> none = send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms")));
        assertFails(none, 401, 20003);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"Twilio API\"");

        for (String wrong : List.of(basic(GatewayFixture.ACCOUNT.value(), "no"), "Bearer x", "Basic ???", "nonsense")) {
            assertFails(
                    send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms"))
                            .header("Authorization", wrong)),
                    401,
                    20003);
        }
    }

    @Test
    void acceptsApiKeys() {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms"))
                .header("Authorization", basic(GatewayFixture.KEY, GatewayFixture.KEY_SECRET)));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesOtherMethods() {
        assertFails(send(request("/v1/Rooms").DELETE()), 405, 20004);
        assertFails(send(request("/v1/Rooms/x").PUT(HttpRequest.BodyPublishers.ofString("a=b"))), 405, 20004);
        assertFails(post("/v1/Rooms/x/Participants", "a=b"), 405, 20004);
        assertFails(send(request("/").DELETE()), 405, 20004);
    }

    @Test
    void answersHeadLikeGetWithoutBody() {
        HttpResponse<String> response = send(request("/v1/Rooms").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/2010-04-01/Accounts/AC1/Calls.json", "/2010-04-01/Accounts/AC1/Applications/AP1.json"})
    void saysThatAResourceIsNotAvailableInThisVersion(String path) {
        HttpResponse<String> response = get(path);

        assertFails(response, 404, 20404);
        assertThat(json(response).path("message").asText()).endsWith("is not available in this version");
    }

    @Test
    void doesNotFindOtherPaths() {
        for (String path :
                List.of("/v1", "/v1/Dreams", "/v1/rooms", "/v1/Rooms/x/Dreams", "/v2/Rooms", "/assets/../x")) {
            assertFails(get(path), 404, 20404);
        }
    }

    @Test
    void answersPreflightsOnEveryPathWithoutAuthentication() {
        for (String path : List.of("/v1/Rooms", "/v1/Nothing", "/", "/signaling", "/elsewhere")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base() + path))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(204);
            assertAllowsPagesOfOtherOrigins(response);
        }
    }

    @Test
    void answersMalformedRequestsInTheSameForm() throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/Rooms/%zz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response)
                    .startsWith("HTTP/1.1 400")
                    .contains("\"code\":20001", "Access-Control-Allow-Origin: *");
        }
    }

    @Test
    void derivesLinksFromTheHeadersOfAProxy() {
        RoomView room = newRoom("behind a proxy", Instant.parse("2024-03-01T10:00:00Z"));
        JsonNode json = json(send(request("/v1/Rooms/" + room.sid())
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "video.example.com, inner")));
        assertThat(json.path("url").asText()).isEqualTo("https://video.example.com/v1/Rooms/" + room.sid());

        JsonNode odd = json(send(request("/v1/Rooms/" + room.sid()).header("X-Forwarded-Host", "a\"b")));
        assertThat(odd.path("url").asText()).startsWith(base());
    }

    @Test
    void handsOutTokensForDevelopment() {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(URI.create(base() + "/dev/token?identity=alice&room=daily")));

        assertThat(json(response).path("token").asText().split("\\.")).hasSize(3);
        HttpResponse<String> nobody = send(HttpRequest.newBuilder(URI.create(base() + "/dev/token")));
        assertThat(nobody.statusCode()).isEqualTo(400);
        assertThat(json(nobody).path("code").asInt()).isEqualTo(20001);
    }

    @Test
    void letsNoPageFromAnotherMachineReadATokenForDevelopment() {
        String path = "/dev/token?identity=alice";
        for (String origin : List.of("http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443")) {
            assertThat(send(request(path).header("Origin", origin)).headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(origin);
        }
        for (String origin : List.of("https://example.com", "http://localhost.example.com", "null", "http://%")) {
            HttpResponse<String> response = send(request(path).header("Origin", origin));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(response.headers().firstValue("Vary")).contains("Origin");
        }
        assertThat(get(path).headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void handsOutNoTokensInProduction() {
        try (GatewayFixture production = GatewayFixture.start("rotunda.http.dev-token = off")) {
            HttpResponse<String> response = send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + production.address().getPort() + "/dev/token?identity=alice")));
            assertFails(response, 404, 20404);
        }
    }

    @Test
    void usesTheConfiguredAddressInLinks() {
        try (GatewayFixture configured =
                GatewayFixture.start("rotunda.http.public-url = \"https://video.example.com/\"")) {
            configured.rooms.put(
                    configured.rooms.room(GatewayFixture.ACCOUNT, "x", Instant.parse("2024-03-01T10:00:00Z")));
            JsonNode json = json(send(HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + configured.address().getPort() + "/v1/Rooms/x"))
                    .header("Authorization", GOOD)));
            assertThat(json.path("url").asText()).startsWith("https://video.example.com/v1/Rooms/RM");
        }
    }

    @Test
    void asksForAWebSocketOnSignaling() {
        assertFails(get("/signaling"), 426, 20001);
        // Version 1 of the SDK speaks another protocol. The refusal says so, in the network tab and in the access log.
        HttpResponse<String> sip = send(request("/signaling").header("Sec-WebSocket-Protocol", "sip"));
        assertFails(sip, 400, 20001);
        assertThat(sip.body()).contains("twilio-video 1.x");
    }

    @Test
    void countsRequestsByTheirRoute() {
        get("/v1/Rooms/one");
        get("/v1/Rooms/two");
        post("/v1/Rooms/three/Participants/four", "Status=x");
        get("/somewhere/else");

        assertThat(server.gateway.statistics().snapshot().requests())
                .hasEntrySatisfying(
                        new HttpOutcome("/v1/Rooms/{room}", "GET", 404),
                        latency -> assertThat(latency.count()).isGreaterThanOrEqualTo(2))
                .containsKey(new HttpOutcome("/v1/Rooms/{room}/Participants/{participant}", "POST", 400))
                .containsKey(new HttpOutcome("none", "GET", 404))
                .allSatisfy((outcome, latency) -> assertThat(outcome.route()).doesNotContain("two", "three", "else"));
    }
}
