package org.rotunda.gateway.insights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.RoomView;

/** Tests insights over real WebSockets, with the frames of the stock SDK. */
class InsightsSocketTest {
    private static final String PATH = "/v1/VideoEvents";
    private static final AccountSid OTHER = new AccountSid("AC" + "9".repeat(32));

    private GatewayFixture server = GatewayFixture.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(String overrides) {
        server.close();
        server = GatewayFixture.start(overrides);
    }

    private InsightsStatistics statistics() {
        return server.gateway.insightsStatistics();
    }

    private RoomView room(AccountSid account) {
        return server.rooms.put(server.rooms.room(account, "daily", Instant.parse("2024-03-01T10:00:00Z")));
    }

    private SignalingClient open() {
        return SignalingClient.connect(server.address(), PATH);
    }

    private static String connect(String token, RoomView room) {
        ObjectNode connect = Samples.get("insights", "connect").deepCopy();
        connect.put("token", token);
        ((ObjectNode) connect.get("publisher")).put("roomSid", room.sid().value());
        return connect.toString();
    }

    private static String event(int number) {
        return "{\"type\":\"event\",\"version\":1,\"group\":\"room\",\"name\":\"event-" + number
                + "\",\"timestamp\":1700000000000,\"payload\":{\"level\":\"info\"}}";
    }

    private SignalingClient connected() {
        SignalingClient client = open().send(connect(server.token("alice", null), room(GatewayFixture.ACCOUNT)));
        assertThat(client.next().path("type").asText()).isEqualTo("connected");
        return client;
    }

    /** Waits until so many events are stored, the one about the publisher included. */
    private List<InsightsEvent> awaitStored(int events) {
        TestProbe<Object> probe = server.probe();
        return probe.awaitAssert(() -> {
            assertThat(server.insights.all()).hasSizeGreaterThanOrEqualTo(events);
            return server.insights.all();
        });
    }

    private static void assertFails(SignalingClient client, int code) {
        JsonNode error = client.next();
        assertThat(error.path("type").asText()).isEqualTo("error");
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(client.closeCode()).isEqualTo(1000); // After another code the SDK would connect again at once.
    }

    @Test
    void storesEveryEventOfTheStockSdk() {
        RoomView room = room(GatewayFixture.ACCOUNT);
        SignalingClient client = open().send(connect(server.token("alice", null), room));
        JsonNode connected = client.next();
        assertThat(connected.path("type").asText()).isEqualTo("connected");
        assertThat(connected.path("version").asInt()).isEqualTo(1);
        String session = connected.path("session").asText();
        assertThat(session).isNotEmpty();
        JsonNode events = Samples.get("insights", "one_event_per_group_and_name");
        events.forEach(event -> client.send(event.toString()));

        List<InsightsEvent> stored = awaitStored(events.size() + 1);

        assertThat(stored.get(0).group()).isEqualTo(InsightsConnection.PUBLISHER_GROUP);
        assertThat(stored.get(0).payload()).contains("twilio-video.js");
        for (int i = 0; i < events.size(); i++) {
            InsightsEvent event = stored.get(i + 1);
            assertThat(event.account()).isEqualTo(GatewayFixture.ACCOUNT);
            assertThat(event.room()).isEqualTo(room.sid());
            assertThat(event.session()).isEqualTo(session);
            assertThat(event.group()).isEqualTo(events.get(i).path("group").asText());
            assertThat(event.name()).isEqualTo(events.get(i).path("name").asText());
        }
        assertThat(client.isQuiet()).isTrue(); // Events get no answer.
        assertThat(statistics().accepted()).isEqualTo(1);
    }

    @Test
    void refusesABadToken() {
        assertFails(open().send(connect("bad", room(GatewayFixture.ACCOUNT))), 20101);

        assertThat(statistics().refused()).isEqualTo(1);
        assertThat(server.insights.all()).isEmpty();
    }

    @Test
    void refusesTheRoomOfAnotherAccount() {
        assertFails(open().send(connect(server.token("alice", null), room(OTHER))), 53106);

        assertThat(server.insights.all()).isEmpty();
    }

    @Test
    void answersABadFrameWithAnErrorAndCountsIt() {
        assertFails(open().send(event(1)), 53004);
        assertThat(statistics().faults(InsightsFault.UNEXPECTED)).isEqualTo(1);
        assertFails(open().send("no JSON"), 53004);
        assertThat(statistics().faults(InsightsFault.NOT_JSON)).isEqualTo(1);

        SignalingClient client = connected();
        client.send(event(1)).send("{\"type\":\"event\"}").send(event(2));
        assertFails(client, 53004);

        assertThat(statistics().faults(InsightsFault.FIELD_INVALID)).isEqualTo(1);
        assertThat(awaitStored(2)).hasSize(2); // The frame after the bad one is ignored.
    }

    @Test
    void answersABinaryFrameWithAnError() {
        assertFails(connected().sendBinary(new byte[] {1, 2, 3}), 53004);
    }

    @Test
    void aSecondConnectIsAnError() {
        SignalingClient client = connected();

        assertFails(client.send(connect(server.token("alice", null), room(GatewayFixture.ACCOUNT))), 53004);
    }

    @Test
    void answersAFrameThatIsTooLongWithAnError() {
        restart("rotunda.insights.frame-chars-max = 32 KiB");
        String frame = event(1);
        SignalingClient client = connected().send(frame + " ".repeat(32 * 1024 - frame.length()));
        awaitStored(2);

        client.send(frame + " ".repeat(32 * 1024 - frame.length() + 1));

        assertFails(client, 53004);
        assertThat(statistics().faults(InsightsFault.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void dropsEventsBeyondTheRateAndGoesOn() {
        restart("rotunda.insights { events-per-second = 1, events-burst = 5 }");
        SignalingClient client = connected();
        for (int i = 0; i < 50; i++) {
            client.send(event(i));
        }

        server.probe().awaitAssert(() -> {
            assertThat(statistics().dropped(InsightsDrop.RATE) + statistics().stored())
                    .isEqualTo(51);
            return null;
        });
        assertThat(statistics().dropped(InsightsDrop.RATE)).isBetween(1L, 45L);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    @Timeout(30)
    void aSlowDatabaseHoldsNoSocket() {
        restart("rotunda.insights { queue-events-max = 10, events-burst = 1000 }");
        CompletableFuture<Void> slow = new CompletableFuture<>();
        server.insights.waitFor(slow);
        SignalingClient client = connected();
        for (int i = 0; i < 100; i++) {
            client.send(event(i));
        }
        server.probe().awaitAssert(() -> {
            assertThat(statistics().dropped(InsightsDrop.QUEUE)).isEqualTo(91); // 101 events, of which 10 wait.
            return null;
        });
        connected(); // Another client is served, too.

        slow.complete(null);
        assertThat(awaitStored(10)).isNotEmpty();
        client.send(event(100));
        server.probe().awaitAssert(() -> {
            assertThat(server.insights.all()).extracting(InsightsEvent::name).contains("event-100");
            return null;
        });
    }

    @Test
    void refusesASocketBeyondTheLimit() {
        restart("rotunda.insights.sockets-max = 1");
        SignalingClient first = connected();

        Assertions.assertThatThrownBy(this::open).isInstanceOf(CompletionException.class);

        assertThat(statistics().refused()).isEqualTo(1);
        first.close(1000);
        server.probe().awaitAssert(() -> {
            assertThat(statistics().sockets()).isZero();
            return null;
        });
        connected();
    }

    @Test
    void isNoResourceOfTheRestApi() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + server.address().getPort() + PATH))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.body()).contains("20001");
    }
}
