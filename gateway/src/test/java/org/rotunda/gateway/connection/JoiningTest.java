package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.connection.GatewayStatistics.JoinResult;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.StorableText;

/** Tests a connect, from the hello to the room's answer. */
class JoiningTest extends SessionFixture {
    @Test
    void welcomesBeforeAnythingElseAndLetsIn() {
        Joined joined = join();

        assertThat(joined.command().identity()).isEqualTo("alice");
        assertThat(joined.command().automaticSubscription()).isTrue();
        assertThat(joined.command().subscribeRules()).as("the default rule").isEmpty();
        assertThat(joined.command().participant().tracks()).hasSize(2);
        assertThat(joined.command().offer().description().type()).isEqualTo(Description.Type.OFFER);
        assertThat(server.gateway.statistics().snapshot().joins(JoinResult.OK)).isEqualTo(1);
        assertThat(GatewayFixture.await(server.gateway.participants()))
                .containsExactly(joined.answer().participantSid());
    }

    @Test
    void takesAConnectInTheHelloAndTellsTheNegotiatedTimeout() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));

        assertThat(client.next().path("negotiatedTimeout").asInt()).isEqualTo(5000);
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
    }

    @Test
    void treatsRepeatedHellosAsOneRequest() {
        SignalingClient client = server.signaling();
        client.send(hello(connect(token(), "daily"))).send(hello(connect(token(), "daily")));

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
        server.room.expectNoMessage(Duration.ofMillis(200));
        assertThat(client.isQuiet()).isTrue();
    }

    @Test
    void refusesABadTokenAlreadyForIce() {
        SignalingClient client = server.signaling().send(hello(ice("nonsense")));

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        assertFailsWith(client, 20101);
    }

    @Test
    void checksTheTokenOfAConnectToo() {
        SignalingClient client = server.signaling().send(hello(ice(token())));
        client.next();
        client.body("iced");
        client.send(msg(connect("nonsense", "daily")));

        assertFailsWith(client, 20101);
    }

    @Test
    void refusesInvalidRoomNames() {
        Map.of("", 53100, "x".repeat(129), 53101, "a\\ufffd", 53102).forEach((name, code) -> {
            String connect = connect(token(), "NAME").replace("NAME", name);
            SignalingClient client = server.signaling().send(hello(connect));
            client.next();
            assertFailsWith(client, code);
        });
        assertThat(server.rooms.all()).isEmpty();
    }

    @Test
    void refusesATokenForOtherRoomsAndCreatesNone() {
        for (String name : List.of("other", "RM00112233445566778899aabbccddeeff")) {
            SignalingClient client = server.signaling().send(hello(connect(server.token("alice", "daily"), name)));
            client.next();
            assertFailsWith(client, 53104);
        }
        assertThat(server.rooms.all()).isEmpty();
    }

    @Test
    void letsATokenForASidIntoTheRoomOfThatSidByName() {
        var room = server.rooms.put(
                server.rooms.room(GatewayFixture.ACCOUNT, "daily", java.time.Instant.parse("2024-03-01T10:00:00Z")));

        server.signaling().send(hello(connect(server.token("alice", room.sid().value()), "daily")));

        expect(RoomCommand.Connect.class);
    }

    @Test
    void takesTheRoomOfTheGrantForAConnectWithoutAName() {
        server.signaling().send(hello(connect(server.token("alice", "daily"), null)));
        expect(RoomCommand.Connect.class);
        server.signaling().send(hello(connect(server.token("bob", "daily"), null)));
        expect(RoomCommand.Connect.class);

        assertThat(server.rooms.all())
                .singleElement()
                .satisfies(room -> assertThat(room.uniqueName()).isEqualTo("daily"));
    }

    @Test
    void takesTheSidOfTheGrantForAConnectWithoutANameAndCreatesNoRoomForIt() {
        var room = server.rooms.put(
                server.rooms.room(GatewayFixture.ACCOUNT, "daily", java.time.Instant.parse("2024-03-01T10:00:00Z")));
        server.signaling().send(hello(connect(server.token("alice", room.sid().value()), null)));
        expect(RoomCommand.Connect.class);

        SignalingClient lost = server.signaling()
                .send(hello(connect(server.token("alice", "RM00112233445566778899aabbccddeeff"), null)));
        lost.next();
        assertFailsWith(lost, 53106);
        assertThat(server.rooms.all()).containsExactly(room);
    }

    @Test
    void refusesAConnectWithoutANameWhoseGrantNamesNoValidRoom() {
        SignalingClient client = server.signaling().send(hello(connect(server.token("alice", "x".repeat(129)), null)));
        client.next();

        assertFailsWith(client, 53101);
    }

    @Test
    void makesARoomWithoutANameForAConnectWithoutANameAndWithoutARoomInTheGrant() {
        server.signaling().send(hello(connect(token(), null)));
        expect(RoomCommand.Connect.class);

        assertThat(server.rooms.all())
                .singleElement()
                .satisfies(room ->
                        assertThat(room.uniqueName()).isEqualTo(room.sid().value()));
    }

    @Test
    void refusesAnIdThatCannotBeStoredAndPassesSuchATrackNameOnAsDamaged() {
        String track = Samples.get("rsp", "connect_default_audio_video")
                .at("/participant/tracks/0/name")
                .asText();
        String connect = connect(token(), "daily");
        String connection = Samples.get("rsp", "connect_default_audio_video")
                .at("/peer_connections/0/id")
                .asText();

        SignalingClient refused = server.signaling().send(hello(connect.replace(connection, "c\\ud800")));
        refused.next();
        assertFailsWith(refused, 53004);

        server.signaling().send(hello(connect.replace("\"name\":\"" + track, "\"name\":\"\\ud800" + track)));
        assertThat(expect(RoomCommand.Connect.class)
                        .participant()
                        .tracks()
                        .get(0)
                        .name())
                .isEqualTo(StorableText.REPLACEMENT);
    }

    @Test
    void tellsWhyTheRoomRefuses() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        expect(RoomCommand.Connect.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED)));

        assertFailsWith(client, 53105);
    }

    @Test
    void tellsThatARoomDoesNotExist() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "RM00112233445566778899aabbccddeeff")));
        client.next();

        assertFailsWith(client, 53106);
    }

    @Test
    void asksABusyRoomAgainAndLetsInAfterwards() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        expect(RoomCommand.Connect.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        RoomCommand.Connect again = expect(RoomCommand.Connect.class);
        again.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        client.body("connected");
    }

    @Test
    void saysBusyWhenTheRoomNeverAnswersAndRemovesALateParticipant() {
        restart("rotunda.signaling.connect-timeout = 300 ms");
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        assertFailsWith(client, 53006);

        SessionNotice.Connected late = connected(server.rooms.all().get(0).sid());
        command.replyTo().tell(StatusReply.success(late));
        assertThat(expect(RoomCommand.Disconnect.class).sessionId()).isEqualTo(late.sessionId());
    }

    @Test
    void leavesNoParticipantBehindWhenAConnectIsCancelled() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        client.send(msg("{\"type\":\"disconnect\",\"version\":2,\"session\":null}"))
                .send("{\"type\":\"bye\"}");
        client.close(1000);
        assertThat(client.closeCode()).isEqualTo(1000);

        SessionNotice.Connected late = connected(server.rooms.all().get(0).sid());
        command.replyTo().tell(StatusReply.success(late));
        assertThat(expect(RoomCommand.Disconnect.class).sessionId()).isEqualTo(late.sessionId());
    }

    @Test
    void sendsAPreflightTestItsIceServersAndLetsItGo() {
        restart("rotunda.signaling.ice-servers = [{urls = [\"turn:t.example.com\"], username = u, credential = c}]");
        SignalingClient client = server.signaling()
                .send(hello(
                        "{\"type\":\"ice\",\"preflight\":true,\"edge\":\"roaming\",\"token\":\"" + token() + "\"}"));
        client.next();

        assertThat(client.body("iced")
                        .path("ice_servers")
                        .path(0)
                        .path("credential")
                        .asText())
                .isEqualTo("c");
        client.send("{\"type\":\"bye\"}").close(1000);
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void givesEveryClientCredentialsOfItsOwnForTurnServers() {
        restart("""
            rotunda.turn {
              urls = ["stun:t.example.com", "turn:t.example.com?transport=udp", "turns:t.example.com:443"]
              secret = "the secret of the relay"
              ttl = 10 minutes
            }
            """);
        JsonNode alice = iceServers("alice");

        assertThat(alice).hasSize(2);
        assertThat(alice.path(0).path("urls")).extracting(JsonNode::asText).containsExactly("stun:t.example.com");
        assertThat(alice.path(0).has("credential")).isFalse();
        JsonNode relay = alice.path(1);
        assertThat(relay.path("urls"))
                .extracting(JsonNode::asText)
                .containsExactly("turn:t.example.com?transport=udp", "turns:t.example.com:443");
        String username = relay.path("username").asText();
        assertThat(relay.path("credential").asText())
                .isEqualTo(Secret.of("the secret of the relay").hmacSha1(username));
        assertThat(Long.parseLong(username.substring(0, username.indexOf(':'))))
                .isBetween(
                        Instant.now().plusSeconds(590).getEpochSecond(),
                        Instant.now().plusSeconds(600).getEpochSecond());
        assertThat(username).doesNotContain("alice");
        assertThat(user(iceServers("alice"))).isEqualTo(user(alice));
        assertThat(user(iceServers("bob"))).isNotEqualTo(user(alice));
    }

    private JsonNode iceServers(String identity) {
        SignalingClient client = server.signaling().send(hello(ice(server.token(identity, null))));
        client.next();
        JsonNode servers = client.body("iced").path("ice_servers");
        client.send("{\"type\":\"bye\"}").close(1000);
        return servers;
    }

    private static String user(JsonNode iceServers) {
        String username =
                iceServers.path(iceServers.size() - 1).path("username").asText();
        return username.substring(username.indexOf(':') + 1);
    }

    @Test
    void doesNotGiveAWelcomedConnectUpWhileTheDatabaseIsAway() {
        restart("rotunda.signaling { connect-timeout = 2 s, busy-retry = 200 ms }");
        SignalingClient client = server.signaling().send(hello(ice(token())));
        client.next();
        client.body("iced");
        server.rooms.away(true);
        server.rooms.refuse(RoomError.BUSY);
        client.send(msg(connect(token(), "daily")));
        server.rooms.awaitRefusals(12); // The twelve refusals take longer than connect-timeout.

        server.rooms.refuse(null);
        server.rooms.away(false);

        expect(RoomCommand.Connect.class)
                .replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
    }
}
