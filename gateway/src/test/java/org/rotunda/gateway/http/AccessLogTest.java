package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.HttpFixture;
import org.rotunda.gateway.testkit.LogCapture;
import org.rotunda.gateway.testkit.LogCapture.Line;
import org.rotunda.gateway.testkit.SignalingClient;

class AccessLogTest extends HttpFixture {
    private final LogCapture log = LogCapture.of(AccessLog.LOGGER, Level.DEBUG);

    @AfterEach
    void detach() {
        log.close();
    }

    private static String requestId(HttpResponse<?> response) {
        return response.headers().firstValue("Twilio-Request-Id").orElseThrow();
    }

    @Test
    void aRequestIsOneLineWithAllFacts() {
        HttpResponse<String> response = get("/v1/Rooms?UniqueName=x");

        Line line = log.next();
        assertThat(line.level()).isEqualTo(Level.INFO);
        assertThat(line.message()).isEqualTo("http request");
        assertThat(line.values())
                .containsEntry("method", "GET")
                .containsEntry("path", "/v1/Rooms")
                .containsEntry("status", "200")
                .containsEntry("bytes", Integer.toString(response.body().length()))
                .containsEntry("account", GatewayFixture.ACCOUNT.value())
                .containsEntry("request", requestId(response))
                .containsEntry("remote", "127.0.0.1")
                .containsKey("ms")
                .hasSize(8);
    }

    @Test
    void aRefusedRequestHasALineToo() {
        HttpResponse<String> response = send(
                HttpRequest.newBuilder(URI.create(base() + "/v1/Rooms/x")).header("X-Forwarded-For", "10.1.2.3, ::1"));

        Line line = log.next();
        assertThat(line.values())
                .containsEntry("status", "401")
                .containsEntry("request", requestId(response))
                .containsEntry("remote", "10.1.2.3")
                .doesNotContainKey("account");
    }

    @Test
    void severalForwardedHeadersAreOneListInTheirOrder() {
        send(request("/v1/Rooms").header("X-Forwarded-For", "192.0.2.9").header("X-Forwarded-For", "10.1.2.3"));

        assertThat(log.next().values()).containsEntry("remote", "10.1.2.3");
    }

    @Test
    void nothingButAnAddressIsTakenFromAForwardedHeader() {
        send(request("/v1/Rooms").header("X-Forwarded-For", "status=200"));

        assertThat(log.next().values()).containsEntry("remote", "127.0.0.1");
    }

    @Test
    void queriesAreLeftOut() {
        send(HttpRequest.newBuilder(URI.create(base() + "/dev/token?identity=alice&room=secret")));

        assertThat(log.next().toString()).contains("/dev/token").doesNotContain("alice", "secret");
    }

    @Test
    void filesOfThePageAreLoggedAtDebug() {
        get("/");
        get("/assets/page.js");

        assertThat(log.next().level()).isEqualTo(Level.DEBUG);
        assertThat(log.next().level()).isEqualTo(Level.DEBUG);
    }

    @Test
    void anOpenedWebSocketIsALine() {
        SignalingClient.connect(server.address());

        assertThat(log.next().values())
                .containsEntry("path", "/signaling")
                .containsEntry("status", "101")
                .containsEntry("bytes", "0");
    }

    @Test
    void aRequestThatCannotBeReadIsALineWithTheIdOfItsAnswer() throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/Rooms/%zz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            Line line = log.next();
            assertThat(line.message()).isEqualTo("malformed http request");
            assertThat(line.values()).containsEntry("status", "400");
            assertThat(response).contains("Twilio-Request-Id: " + line.value("request"));
        }
    }
}
