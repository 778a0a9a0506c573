package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/** Sessions over real WebSockets. The test plays the rooms. */
abstract class SessionFixture {
    static final Random RANDOM = new Random(7);

    /** The id of the node on which rooms run unless a test says otherwise. */
    static final String NODE = "10.0.0.7:25520#1";

    static final SessionNotice.RoomSnapshot EMPTY = new SessionNotice.RoomSnapshot(
            List.of(),
            new SessionNotice.Published(1, List.of()),
            new SessionNotice.Subscribed(1, List.of()),
            List.of(),
            new SessionNotice.Recording(false, 1));

    GatewayFixture server = GatewayFixture.start();

    @BeforeEach
    void roomsAnswer() {
        server.rooms.refuse(null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    void restart(String overrides) {
        server.close();
        server = GatewayFixture.start(overrides);
    }

    // --- what clients send ----------------------------------------------------------------------------------------

    String token() {
        return server.token("alice", null);
    }

    static String hello(String body) {
        return "{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":" + body + "}";
    }

    static String msg(String body) {
        return "{\"type\":\"msg\",\"body\":" + body + "}";
    }

    static String ice(String token) {
        return "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}";
    }

    static String connect(String token, @Nullable String name) {
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        return connect.put("token", token).put("name", name).toString();
    }

    static String sync(String token, String session) {
        ObjectNode sync =
                (ObjectNode) Samples.get("tcmp", "hello_with_sync").get("body").deepCopy();
        return sync.put("token", token).put("session", session).toString();
    }

    // --- what the room does ---------------------------------------------------------------------------------------

    <T extends RoomCommand> T expect(Class<T> type) {
        return server.room.expectMessageClass(type, Duration.ofSeconds(10));
    }

    RoomCommand.Sync expectSyncWithAnswer() {
        return (RoomCommand.Sync) server.room
                .fishForMessage(
                        Duration.ofSeconds(10),
                        command -> command instanceof RoomCommand.Sync sync
                                        && sync.descriptions().stream()
                                                .anyMatch(each ->
                                                        each.description().type() == Description.Type.ANSWER)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    /** Returns the room's answer to a resume of a session. {@code before} is the room's answer to the connect. */
    static SessionNotice.Synced synced(SessionNotice.Connected before) {
        return synced(before, before.node());
    }

    /** Returns the answer of a room that runs on the given node; null if the room does not tell its node. */
    static SessionNotice.Synced synced(SessionNotice.Connected before, @Nullable String node) {
        return new SessionNotice.Synced(
                before.roomSid(), "daily", before.participantSid(), "alice", EMPTY, Map.of(), node);
    }

    SessionNotice.Connected connected(RoomSid room) {
        return connected(room, NODE);
    }

    SessionNotice.Connected connected(RoomSid room, @Nullable String node) {
        ParticipantSid participant = ParticipantSid.random(RANDOM);
        return new SessionNotice.Connected(
                SessionId.random(room, participant, RANDOM),
                room,
                "daily",
                participant,
                "alice",
                Duration.ofSeconds(30),
                "us1",
                EMPTY,
                Map.of(),
                node);
    }

    /** Makes a session in an existing room, as if the session had been opened earlier. */
    SessionNotice.Connected earlier() {
        return connected(server.rooms
                .put(server.rooms.room(GatewayFixture.ACCOUNT, "daily", Instant.parse("2024-03-01T10:00:00Z")))
                .sid());
    }

    /** A client in a room, with the room's connect command and answer. */
    record Joined(SignalingClient client, RoomCommand.Connect command, SessionNotice.Connected answer) {
        SessionId session() {
            return answer.sessionId();
        }

        void tell(SessionNotice notice) {
            command.session().tell(notice);
        }
    }

    Joined join() {
        return join(NODE);
    }

    /** Connects a client to a room that runs on the given node; null if the room does not tell its node. */
    Joined join(@Nullable String node) {
        SignalingClient client = server.signaling();
        client.send(hello(ice(token())));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        client.body("iced");
        client.send(msg(connect(token(), "daily")));
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        SessionNotice.Connected answer = connected(server.rooms.all().get(0).sid(), node);
        command.replyTo().tell(StatusReply.success(answer));
        assertThat(client.body("connected").path("session").asText())
                .isEqualTo(answer.sessionId().value());
        return new Joined(client, command, answer);
    }

    static void assertFailsWith(SignalingClient client, int code) {
        JsonNode error = client.body("error");
        assertThat(error.path("code").isInt()).isTrue();
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(client.closeCode()).isEqualTo(1000);
    }
}
