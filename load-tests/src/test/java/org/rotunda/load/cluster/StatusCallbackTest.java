package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.signaling.SignalingPeer.Track;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.CallbackReceiver;
import org.rotunda.load.testkit.Rest;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;

/** Tests what an application hears of its rooms, with the signature validator of the stock library. */
class StatusCallbackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Track MIC = new Track("mic-id", "data", "mic");
    private static final Track CHAT = new Track("chat-id", "data", "chat");

    private static BotNode node;

    @BeforeAll
    static void start() {
        node = new BotNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static InetSocketAddress gateway(BotNode node) {
        URI url = node.signaling();
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET"})
    void aScriptedRoomCausesExactlyItsSequence(String method) {
        try (CallbackReceiver receiver = new CallbackReceiver().up()) {
            Rest rest = new Rest(node.node().httpUrl());

            JsonNode created = rest.createRoom(
                    "Daily Übung " + method, Map.of("StatusCallback", receiver.url(), "StatusCallbackMethod", method));
            String room = created.path("sid").asText();
            assertThat(created.path("status_callback").asText()).isEqualTo(receiver.url());
            assertThat(created.path("status_callback_method").asText()).isEqualTo(method);
            SignalingBot alice = SignalingBot.join(gateway(node), "alice@example.com", room, List.of(MIC, CHAT));
            receiver.await(4);
            SignalingBot bob = SignalingBot.join(gateway(node), "Zoë 🎥", room);
            receiver.await(5);
            bob.publish(List.of(CHAT));
            receiver.await(6);
            alice.publish(List.of(MIC.enabled(false), CHAT));
            receiver.await(7);
            alice.publish(List.of(MIC, CHAT));
            receiver.await(8);
            alice.publish(List.of(MIC));
            receiver.await(9);
            rest.disconnect(room, bob.participant());
            receiver.await(11);
            rest.completeRoom(room);

            List<Map<String, String>> events = receiver.await(14);
            Await.until(
                    "the queue to be empty",
                    PATIENCE,
                    () -> rest.callbacks(room, "waiting").isEmpty());

            assertThat(receiver.forged()).isEmpty();
            assertThat(events)
                    .extracting(event -> event.get("SequenceNumber") + " " + event.get("StatusCallbackEvent") + " "
                            + event.getOrDefault("ParticipantIdentity", "") + " "
                            + event.getOrDefault("TrackName", ""))
                    .containsExactly(
                            "0 room-created  ",
                            "1 participant-connected alice@example.com ",
                            "2 track-added alice@example.com mic",
                            "3 track-added alice@example.com chat",
                            "4 participant-connected Zoë 🎥 ",
                            "5 track-added Zoë 🎥 chat",
                            "6 track-disabled alice@example.com mic",
                            "7 track-enabled alice@example.com mic",
                            "8 track-removed alice@example.com chat",
                            "9 track-removed Zoë 🎥 chat",
                            "10 participant-disconnected Zoë 🎥 ",
                            "11 track-removed alice@example.com mic",
                            "12 participant-disconnected alice@example.com ",
                            "13 room-ended  ");
            assertThat(events).allSatisfy(event -> {
                assertThat(event)
                        .containsEntry("AccountSid", Tokens.ACCOUNT)
                        .containsEntry("RoomSid", room)
                        .containsEntry("RoomName", "Daily Übung " + method)
                        .containsEntry("RoomType", "group");
                assertThat(event.get("Timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            });
            assertThat(events.stream().map(event -> Instant.parse(event.get("Timestamp"))))
                    .isSorted();
            assertThat(events.get(10))
                    .containsEntry("ParticipantSid", bob.participant())
                    .containsEntry("ParticipantStatus", "disconnected")
                    .containsKey("ParticipantDuration");
            assertThat(events.get(13)).containsEntry("RoomStatus", "completed").containsKey("RoomDuration");
            alice.close();
            bob.close();
        }
    }

    /** The long test kills a process instead; here the node stops in order. */
    @Test
    void nothingIsLostWhileTheReceiverIsDownAndTheNodeStartsAgain(@TempDir Path directory) {
        Map<String, String> settings = Map.of(
                "rotunda.db.url",
                "\"jdbc:h2:file:" + directory.resolve("rotunda") + "\"",
                "rotunda.callbacks.backoff-max",
                "2s");
        try (CallbackReceiver receiver = new CallbackReceiver()) {
            String room;
            try (BotNode first = new BotNode(settings)) {
                Rest rest = new Rest(first.node().httpUrl());
                room = rest.createRoom("outage", Map.of("StatusCallback", receiver.url()))
                        .path("sid")
                        .asText();
                SignalingBot.join(gateway(first), "alice", room, List.of(CHAT)).leave();
                Await.until("attempts", PATIENCE, () -> {
                    JsonNode waiting = rest.callbacks(room, "waiting");
                    return waiting.size() == 5
                            && waiting.get(4).path("attempts").asInt() >= 2
                            && waiting.get(4).path("error_code").asInt() == 11205;
                });
            }
            try (BotNode second = new BotNode(settings)) {
                Rest rest = new Rest(second.node().httpUrl());
                receiver.up().answer(503);
                rest.completeRoom(room);
                Await.until(
                        "an attempt that the receiver has answered",
                        PATIENCE,
                        () -> rest.callbacks(room, "waiting")
                                .findValuesAsText("http_status")
                                .contains("503"));
                receiver.answer(200);

                List<Map<String, String>> events = receiver.await(6);

                assertThat(events)
                        .extracting(event -> event.get("StatusCallbackEvent"))
                        .containsExactly(
                                "room-created",
                                "participant-connected",
                                "track-added",
                                "track-removed",
                                "participant-disconnected",
                                "room-ended");
                assertThat(events)
                        .extracting(event -> event.get("SequenceNumber"))
                        .containsExactly("0", "1", "2", "3", "4", "5");
                assertThat(receiver.forged()).isEmpty();
            }
        }
    }

    @Test
    void aNodeInProductionModeSendsNothingToItsOwnMachine(@TempDir Path directory) throws IOException {
        String config = """
            rotunda {
              cluster.port = 0
              management.port = 0
              media { port = 0, loops = 1 }
              http { host = 127.0.0.1, port = 0 }
              db.url = "jdbc:h2:file:%s"
              accounts = [{ sid = %s, auth-tokens = [%s] }]
              log.format = text
            }
            """;
        Path file = Files.writeString(
                directory.resolve("node.conf"),
                config.formatted(directory.resolve("rotunda"), Tokens.ACCOUNT, Tokens.AUTH_TOKEN));
        try (CallbackReceiver receiver = new CallbackReceiver().up();
                RotundaNode production = RotundaNode.start(NodeConfiguration.file(file, Map.of()))) {
            Rest rest = new Rest(production.httpUrl());
            String port = receiver.url().replaceAll(".*:(\\d+)/.*", "$1");
            for (String host : List.of(
                    "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "169.254.169.254")) {
                String room = rest.createRoom(
                                "to " + host, Map.of("StatusCallback", "http://" + host + ":" + port + "/"))
                        .path("sid")
                        .asText();

                Await.until(
                        "the refusal of " + host,
                        PATIENCE,
                        () -> !rest.callbacks(room, "failed").isEmpty());

                JsonNode failed = rest.callbacks(room, "failed").get(0);
                assertThat(failed.path("error_code").asInt()).as(host).isEqualTo(11210);
                assertThat(failed.path("attempts").asInt()).as(host).isEqualTo(1);
            }
            assertThat(receiver.events()).isEmpty();
            assertThat(receiver.forged()).isEmpty();
        }
    }
}
