package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.signal.SignalLimits;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.Description;
import org.rotunda.room.ConnectionDescription;
import org.rotunda.room.ParticipantSid;
import org.rotunda.room.RoomCommand;
import org.rotunda.room.RoomError;
import org.rotunda.room.RoomRefusal;
import org.rotunda.room.RoomSid;
import org.rotunda.room.SessionId;
import org.rotunda.room.SessionNotice;

/** Sessions over real WebSockets, before rooms that the test plays. */
class SessionTest {
    private static final Random RANDOM = new Random(7);
    private static final SessionNotice.RoomSnapshot EMPTY = new SessionNotice.RoomSnapshot(
            List.of(),
            new SessionNotice.Published(1, List.of()),
            new SessionNotice.Subscribed(1, List.of()),
            List.of(),
            new SessionNotice.Recording(false, 1));

    private GatewayFixture server = GatewayFixture.start();

    @BeforeEach
    void roomsAnswer() {
        server.rooms.refuse(null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(String overrides) {
        server.close();
        server = GatewayFixture.start(overrides);
    }

    // --- what clients send ----------------------------------------------------------------------------------------

    private String token() {
        return server.token("alice", null);
    }

    private static String hello(String body) {
        return "{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":" + body + "}";
    }

    private static String msg(String body) {
        return "{\"type\":\"msg\",\"body\":" + body + "}";
    }

    private static String ice(String token) {
        return "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}";
    }

    private static String connect(String token, @Nullable String name) {
        ObjectNode connect = Samples.get("rsp", "connect_default_audio_video").deepCopy();
        return connect.put("token", token).put("name", name).toString();
    }

    private static String sync(String token, String session) {
        ObjectNode sync =
                (ObjectNode) Samples.get("tcmp", "hello_with_sync").get("body").deepCopy();
        return sync.put("token", token).put("session", session).toString();
    }

    // --- what the room does ---------------------------------------------------------------------------------------

    private <T extends RoomCommand> T expect(Class<T> type) {
        return server.room.expectMessageClass(type, Duration.ofSeconds(10));
    }

    private RoomCommand.Sync expectSyncWithAnswer() {
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

    /** The answer to a resume of that session. */
    private static SessionNotice.Synced synced(SessionNotice.Connected before) {
        return new SessionNotice.Synced(before.roomSid(), "daily", before.participantSid(), "alice", EMPTY, Map.of());
    }

    private SessionNotice.Connected connected(RoomSid room) {
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
                Map.of());
    }

    /** A client that is in a room, and the room's end of it. */
    private record Joined(SignalingClient client, RoomCommand.Connect command, SessionNotice.Connected answer) {
        SessionId session() {
            return answer.sessionId();
        }

        void tell(SessionNotice notice) {
            command.session().tell(notice);
        }
    }

    private Joined join() {
        SignalingClient client = server.signaling();
        client.send(hello(ice(token())));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        client.body("iced");
        client.send(msg(connect(token(), "daily")));
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        SessionNotice.Connected answer = connected(server.rooms.all().get(0).sid());
        command.replyTo().tell(StatusReply.success(answer));
        assertThat(client.body("connected").path("session").asText())
                .isEqualTo(answer.sessionId().value());
        return new Joined(client, command, answer);
    }

    private static void shouldFailWith(SignalingClient client, int code) {
        JsonNode error = client.body("error");
        assertThat(error.path("code").isInt()).isTrue();
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    // --- connecting -----------------------------------------------------------------------------------------------

    @Test
    void shouldWelcomeBeforeAnythingElseAndLetIn() {
        Joined joined = join();

        assertThat(joined.command().identity()).isEqualTo("alice");
        assertThat(joined.command().automaticSubscription()).isTrue();
        assertThat(joined.command().participant().tracks()).hasSize(2);
        assertThat(joined.command().offer().description().type()).isEqualTo(Description.Type.OFFER);
        assertThat(server.gateway.statistics().snapshot().joins()).isEqualTo(1);
        assertThat(GatewayFixture.await(server.gateway.participants()))
                .containsExactly(joined.answer().participantSid());
    }

    @Test
    void shouldTakeConnectInHelloAndTellTheNegotiatedTimeout() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));

        assertThat(client.next().path("negotiatedTimeout").asInt()).isEqualTo(5000);
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
    }

    @Test
    void shouldTreatRepeatedHellosAsOneRequest() {
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
    void shouldRefuseABadTokenAlreadyForIce() {
        SignalingClient client = server.signaling().send(hello(ice("nonsense")));

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        shouldFailWith(client, 20101);
    }

    @Test
    void shouldCheckTheTokenOfConnectToo() {
        SignalingClient client = server.signaling().send(hello(ice(token())));
        client.next();
        client.body("iced");
        client.send(msg(connect("nonsense", "daily")));

        shouldFailWith(client, 20101);
    }

    @Test
    void shouldRefuseInvalidRoomNames() {
        Map.of("", 53100, "x".repeat(129), 53101, "a\\ufffd", 53102).forEach((name, code) -> {
            String connect = connect(token(), "NAME").replace("NAME", name);
            SignalingClient client = server.signaling().send(hello(connect));
            client.next();
            shouldFailWith(client, code);
        });
        assertThat(server.rooms.all()).isEmpty();
    }

    @Test
    void shouldKeepATokenOutOfOtherRoomsWithoutMakingThem() {
        for (String name : List.of("other", "RM00112233445566778899aabbccddeeff")) {
            SignalingClient client = server.signaling().send(hello(connect(server.token("alice", "daily"), name)));
            client.next();
            shouldFailWith(client, 53104);
        }
        assertThat(server.rooms.all()).isEmpty();
    }

    @Test
    void shouldLetATokenForASidIntoTheRoomOfThatSidByName() {
        var room = server.rooms.put(
                server.rooms.room(GatewayFixture.ACCOUNT, "daily", java.time.Instant.parse("2024-03-01T10:00:00Z")));

        server.signaling().send(hello(connect(server.token("alice", room.sid().value()), "daily")));

        expect(RoomCommand.Connect.class);
    }

    @Test
    void shouldTellWhyTheRoomRefuses() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        expect(RoomCommand.Connect.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED)));

        shouldFailWith(client, 53105);
    }

    @Test
    void shouldTellThatARoomDoesNotExist() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "RM00112233445566778899aabbccddeeff")));
        client.next();

        shouldFailWith(client, 53106);
    }

    @Test
    void shouldAskABusyRoomAgainAndLetInAfterwards() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        expect(RoomCommand.Connect.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        RoomCommand.Connect again = expect(RoomCommand.Connect.class);
        again.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        client.body("connected");
    }

    @Test
    void shouldSayBusyWhenTheRoomNeverAnswersAndTakeALateParticipantOut() {
        restart("rotunda.signaling.connect-timeout = 300 ms");
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        shouldFailWith(client, 53006);

        SessionNotice.Connected late = connected(server.rooms.all().get(0).sid());
        command.replyTo().tell(StatusReply.success(late));
        assertThat(expect(RoomCommand.Disconnect.class).sessionId()).isEqualTo(late.sessionId());
    }

    @Test
    void shouldLeaveNoParticipantBehindWhenConnectIsCancelled() {
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
    void shouldSendPreflightItsServersAndLetItGo() {
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

    // --- bad input ------------------------------------------------------------------------------------------------

    @Test
    void shouldAnswerMalformedFramesWithTheirCode() {
        for (String text : List.of("hello?", "[]", hello("{\"type\":\"update\"}"), msg(ice(token())))) {
            SignalingClient client = server.signaling().send(text);
            assertThat(client.next().path("type").asText()).isEqualTo("welcome");
            shouldFailWith(client, 53004);
        }
    }

    @Test
    void shouldAnswerBinaryAndTooLargeFramesWithTheirCode() {
        SignalingClient binary = server.signaling().sendBinary(new byte[100]);
        binary.next();
        shouldFailWith(binary, 53004);

        SignalingClient large = server.signaling();
        large.send("\"" + "x".repeat(3 * SignalLimits.FRAME_CHARS_MAX) + "\"");
        large.next();
        shouldFailWith(large, 53004);
        assertThat(server.gateway.statistics().snapshot().malformed())
                .containsEntry(org.rotunda.gateway.signal.Malformed.TOO_LARGE, 1L)
                .containsEntry(org.rotunda.gateway.signal.Malformed.NOT_JSON, 1L);
    }

    @Test
    void shouldTakeFramesUpToTheLimit() {
        Joined joined = join();
        String sdp = "x".repeat(SignalLimits.FRAME_CHARS_MAX - 1000);
        joined.client()
                .send(msg("{\"type\":\"update\",\"session\":\"s\",\"participant\":{\"revision\":4,\"tracks\":[]},"
                        + "\"peer_connections\":[{\"id\":\"p\",\"description\":{\"type\":\"offer\",\"revision\":2,\"sdp\":\""
                        + sdp + "\"}}]}"));

        assertThat(expect(RoomCommand.Update.class)
                        .descriptions()
                        .get(0)
                        .description()
                        .sdp())
                .isEqualTo(sdp);
    }

    // --- in the room ----------------------------------------------------------------------------------------------

    @Test
    void shouldPassOnUpdatesAndNotices() {
        Joined joined = join();
        joined.client().send(Samples.msg(Samples.get("rsp", "update_track_disabled")));
        RoomCommand.Update update = expect(RoomCommand.Update.class);
        assertThat(update.sessionId()).isEqualTo(joined.session());
        assertThat(update.participant().revision()).isEqualTo(4);

        joined.tell(new SessionNotice.RoomChanged(List.of(), new SessionNotice.Published(2, List.of()), null));
        joined.tell(new SessionNotice.Descriptions(
                List.of(new ConnectionDescription("p", new Description(Description.Type.ANSWER, 2, "v=0")))));

        assertThat(joined.client()
                        .body("update")
                        .path("published")
                        .path("revision")
                        .asInt())
                .isEqualTo(2);
        assertThat(joined.client()
                        .body("update")
                        .path("peer_connections")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("p");
    }

    @Test
    void shouldTellNoticesThatOvertookTheAnswerAfterIt() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.session()
                .tell(new SessionNotice.RoomChanged(List.of(), new SessionNotice.Published(2, List.of()), null));
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        client.body("connected");
        client.body("update");
    }

    @Test
    void shouldSendHeartbeatsAndLoseASilentClient() {
        restart("rotunda.signaling.heartbeat = 500 ms");
        Joined joined = join();

        assertThat(joined.client().nextFrame().path("type").asText()).isEqualTo("heartbeat");
        RoomCommand.SessionLost lost = expect(RoomCommand.SessionLost.class);
        assertThat(lost.sessionId()).isEqualTo(joined.session());
        assertThat(lost.session()).isEqualTo(joined.command().session());
        assertThat(joined.client().closeCode()).isEqualTo(1011);
    }

    @Test
    void shouldKeepAClientThatShowsItLives() {
        restart("rotunda.signaling.heartbeat = 500 ms");
        Joined joined = join();
        for (int i = 0; i < 5; i++) {
            assertThat(joined.client().nextFrame().path("type").asText()).isEqualTo("heartbeat");
            joined.client().send("{\"type\":\"heartbeat\"}");
        }

        assertThat(joined.client().isOpen()).isTrue();
        server.room.expectNoMessage(Duration.ofMillis(100));
    }

    // --- leaving --------------------------------------------------------------------------------------------------

    @Test
    void shouldEndTheSessionOnDisconnectAndByeOnce() {
        Joined joined = join();
        joined.client()
                .send(Samples.msg(Samples.get("rsp", "disconnect")))
                .send("{\"type\":\"bye\"}")
                .close(1000);

        assertThat(expect(RoomCommand.Disconnect.class).sessionId()).isEqualTo(joined.session());
        assertThat(joined.client().closeCode()).isEqualTo(1000);
        server.room.expectNoMessage(Duration.ofMillis(300));
    }

    @Test
    void shouldCloseItselfWhenAClientSaysByeAndStays() {
        Joined joined = join();
        joined.client().send("{\"type\":\"bye\"}");

        expect(RoomCommand.Disconnect.class);
        assertThat(joined.client().closeCode()).isEqualTo(1000);
    }

    @Test
    void shouldReportALostSocketAndEchoTheCloseCode() {
        Joined joined = join();
        joined.client().close(3004);

        assertThat(expect(RoomCommand.SessionLost.class).sessionId()).isEqualTo(joined.session());
        assertThat(joined.client().closeCode()).isEqualTo(3004);

        Joined broken = join();
        broken.client().abort();
        assertThat(expect(RoomCommand.SessionLost.class).sessionId()).isEqualTo(broken.session());
    }

    @Test
    void shouldSayTheLastWordOfTheRoom() {
        Joined replaced = join();
        replaced.tell(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        shouldFailWith(replaced.client(), 53205);

        Joined completed = join();
        completed.tell(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        assertThat(completed.client().body("disconnected").path("status").asText())
                .isEqualTo("completed");

        Joined removed = join();
        removed.tell(new SessionNotice.Ended(null));
        assertThat(removed.client().body("disconnected").has("status")).isFalse();
        server.room.expectNoMessage(Duration.ofMillis(100)); // The room knows.
    }

    @Test
    void shouldDropASupersededSocketWithoutAWord() {
        Joined joined = join();
        joined.tell(new SessionNotice.Superseded());

        assertThat(joined.client().closeCode()).isEqualTo(1011);
        assertThat(joined.client().isQuiet()).isTrue();
        server.room.expectNoMessage(Duration.ofMillis(100));
    }

    // --- resuming -------------------------------------------------------------------------------------------------

    @Test
    void shouldResumeBySessionIdWithoutKnowingTheRoom() {
        SessionNotice.Connected before = connected(RoomSid.random(RANDOM));
        SignalingClient client =
                server.signaling().send(hello(sync(token(), before.sessionId().value())));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        RoomCommand.Sync command = expect(RoomCommand.Sync.class);
        assertThat(command.sessionId()).isEqualTo(before.sessionId());
        assertThat(command.descriptions()).isNotEmpty();
        command.replyTo().tell(StatusReply.success(synced(before)));

        assertThat(client.body("synced").path("sid").asText())
                .isEqualTo(before.roomSid().value());
        client.send(Samples.msg(Samples.get("rsp", "update_track_disabled")));
        assertThat(expect(RoomCommand.Update.class).sessionId()).isEqualTo(before.sessionId());
    }

    @Test
    void shouldRefuseToResumeWhatIsOver() {
        SignalingClient nonsense = server.signaling().send(hello(sync(token(), "nonsense")));
        nonsense.next();
        shouldFailWith(nonsense, 53204);

        String session = connected(RoomSid.random(RANDOM)).sessionId().value();
        SignalingClient expired = server.signaling().send(hello(sync(token(), session)));
        expired.next();
        expect(RoomCommand.Sync.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        shouldFailWith(expired, 53204);

        SignalingClient completed = server.signaling().send(hello(sync(token(), session)));
        completed.next();
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
        assertThat(completed.body("disconnected").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void shouldRefuseToResumeWithAnExpiredToken() {
        String old = org.rotunda.gateway.auth.AccessTokenMint.mint(
                org.rotunda.gateway.GatewaySettings.from(com.typesafe.config.ConfigFactory.parseString(
                                        "rotunda.accounts = [{sid = %s, keys = [{sid = %s, secret = %s}]}]"
                                                .formatted(
                                                        GatewayFixture.ACCOUNT,
                                                        GatewayFixture.KEY,
                                                        GatewayFixture.KEY_SECRET))
                                .withFallback(com.typesafe.config.ConfigFactory.load()))
                        .accounts()
                        .anyKey()
                        .orElseThrow(),
                "alice",
                null,
                java.time.Instant.now().minusSeconds(100),
                Duration.ofSeconds(50));
        SignalingClient client = server.signaling()
                .send(hello(
                        sync(old, connected(RoomSid.random(RANDOM)).sessionId().value())));
        client.next();

        shouldFailWith(client, 20104);
    }

    @Test
    void shouldLetAClientTryAgainWhenTheRoomIsBusyOrSilentOnSync() {
        restart("rotunda.signaling.sync-timeout = 300 ms");
        String session = connected(RoomSid.random(RANDOM)).sessionId().value();
        SignalingClient busy = server.signaling().send(hello(sync(token(), session)));
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        assertThat(busy.closeCode()).isEqualTo(1011);
        expect(RoomCommand.SessionLost.class);

        SignalingClient silent = server.signaling().send(hello(sync(token(), session)));
        expect(RoomCommand.Sync.class);
        assertThat(silent.closeCode()).isEqualTo(1011);
        expect(RoomCommand.SessionLost.class);
    }

    @Test
    void shouldTellRoomsThatMovedWhoSpeaksForTheirSessions() {
        Joined joined = join();
        joined.client().send(Samples.msg(Samples.get("rsp", "update_answer_to_server_offer")));
        expect(RoomCommand.Update.class);
        server.gateway.resync(Duration.ZERO);

        RoomCommand.Sync sync = expect(RoomCommand.Sync.class);
        assertThat(sync.sessionId()).isEqualTo(joined.session());
        assertThat(sync.session()).isEqualTo(joined.command().session());
        assertThat(sync.participant().tracks()).hasSize(2);
        assertThat(sync.descriptions())
                .anySatisfy(each -> assertThat(each.description().type()).isEqualTo(Description.Type.ANSWER));
        sync.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(joined.answer())));

        joined.client().body("synced");
        assertThat(joined.client().isOpen()).isTrue();
    }

    @Test
    void shouldTellARoomUntilItAnswersWithAllThatWasSaidMeanwhile() {
        restart("rotunda.signaling.sync-repeat = 200 ms");
        Joined joined = join();
        server.gateway.resync(Duration.ZERO);
        assertThat(expect(RoomCommand.Sync.class).descriptions()) // The room is lost, and this with it ...
                .noneSatisfy(each -> assertThat(each.description().type()).isEqualTo(Description.Type.ANSWER));

        joined.client().send(Samples.msg(Samples.get("rsp", "update_answer_to_server_offer")));
        RoomCommand.Sync repeated = expectSyncWithAnswer(); // ... and so may be the update.

        repeated.replyTo().tell(StatusReply.success(synced(joined.answer())));
        joined.client().body("synced");
        assertThat(joined.client().isOpen()).isTrue();
    }

    @Test
    void shouldRepeatAResumeWithinItsTime() {
        restart("rotunda.signaling.sync-repeat = 200 ms");
        SessionNotice.Connected before = connected(RoomSid.random(RANDOM));
        SignalingClient client =
                server.signaling().send(hello(sync(token(), before.sessionId().value())));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        RoomCommand.Sync lost = expect(RoomCommand.Sync.class);
        RoomCommand.Sync repeated = expect(RoomCommand.Sync.class);
        assertThat(repeated.participant()).isEqualTo(lost.participant());

        repeated.replyTo().tell(StatusReply.success(synced(before)));

        client.body("synced");
    }

    @Test
    void shouldFollowARoomThatMovesWithoutItsClient() {
        Joined joined = join();
        joined.tell(new SessionNotice.Moved());

        RoomCommand.Sync sync = expect(RoomCommand.Sync.class);
        assertThat(sync.sessionId()).isEqualTo(joined.session());
        assertThat(sync.descriptions()).isNotEmpty(); // All that the client said last.
        assertThat(joined.client().isQuiet()).isTrue();
        sync.replyTo().tell(StatusReply.success(synced(joined.answer())));

        joined.client().body("synced");
        assertThat(joined.client().isOpen()).isTrue();
    }

    // --- the node -------------------------------------------------------------------------------------------------

    @Test
    void shouldFailAChosenSocketSoThatItsClientComesBack() {
        Joined joined = join();
        ParticipantSid participant = joined.answer().participantSid();

        assertThat(GatewayFixture.await(server.gateway.failSocket(participant))).isTrue();

        assertThat(joined.client().closeCode()).isEqualTo(1011);
        expect(RoomCommand.SessionLost.class);
        assertThat(GatewayFixture.await(server.gateway.failSocket(ParticipantSid.random(RANDOM))))
                .isFalse();
    }

    @Test
    void shouldFailTheSocketOfASessionThatDiesOfAFault() {
        Joined joined = join();
        joined.tell(joined.answer()); // No room lets a session in twice.

        assertThat(joined.client().closeCode()).isEqualTo(1011);
    }

    @Test
    void shouldDrainByFailingSocketsAndSendNewClientsAway() {
        Joined first = join();
        Joined second = join();
        var drained = server.gateway.drain(Duration.ofMillis(300));

        assertThat(first.client().closeCode()).isEqualTo(1011);
        assertThat(second.client().closeCode()).isEqualTo(1011);
        GatewayFixture.await(drained);
        assertThat(server.gateway.statistics().snapshot().sessionsOpen()).isZero();

        SignalingClient late = server.signaling().send(hello(ice(token())));
        JsonNode busy = late.next();
        assertThat(busy.path("type").asText()).isEqualTo("busy");
        assertThat(busy.path("retryAfter").asInt()).isGreaterThanOrEqualTo(500);
        assertThat(busy.path("keepAlive").asBoolean()).isFalse();
        late.close(3005);
        assertThat(late.closeCode()).isEqualTo(3005);
    }

    @Test
    void shouldSendClientsAwayWhenFull() {
        restart("rotunda.signaling.sessions-max = 1");
        join();
        SignalingClient second = server.signaling().send(hello(ice(token())));

        assertThat(second.next().path("type").asText()).isEqualTo("busy");
    }

    @Test
    void shouldHaveClientsWaitWhileTheDatabaseIsAwayAndLetThemInAfterwards() {
        server.rooms.away(true);
        SignalingClient client = server.signaling().send(hello(ice(token())));
        for (int i = 1; i <= Session.AWAY_ON_SOCKET_MAX; i++) {
            JsonNode busy = client.next();
            assertThat(busy.path("type").asText()).isEqualTo("busy");
            assertThat(busy.path("retryAfter").asInt()).isBetween(1000, 2000);
            assertThat(busy.path("keepAlive").asBoolean()).isEqualTo(i < Session.AWAY_ON_SOCKET_MAX);
            if (i == Session.AWAY_ON_SOCKET_MAX) {
                server.rooms.away(false);
            }
            client.send(hello(ice(token())));
        }

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        client.body("iced");
    }

    @Test
    void shouldAnswerAResumeWithBusyWhileTheDatabaseIsAway() {
        server.rooms.away(true);
        String session = connected(RoomSid.random(RANDOM)).sessionId().value();
        SignalingClient client = server.signaling().send(hello(sync(token(), session)));
        assertThat(client.next().path("type").asText()).isEqualTo("busy");

        server.rooms.away(false);
        client.send(hello(sync(token(), session)));

        expect(RoomCommand.Sync.class);
    }

    @Test
    void shouldNotGiveAWelcomedConnectUpWhileTheDatabaseIsAway() {
        restart("rotunda.signaling { connect-timeout = 2 s, busy-retry = 200 ms }");
        SignalingClient client = server.signaling().send(hello(ice(token())));
        client.next();
        client.body("iced");
        server.rooms.away(true);
        server.rooms.refuse(RoomError.BUSY);
        client.send(msg(connect(token(), "daily")));
        server.rooms.awaitRefusals(12); // For longer than connect-timeout.

        server.rooms.refuse(null);
        server.rooms.away(false);

        expect(RoomCommand.Connect.class)
                .replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
    }

    @Test
    void shouldFailTheSocketOfAClientThatDoesNotRead() {
        SignalingClient client = SignalingClient.connect(server.address(), false);
        client.send(hello(connect(token(), "daily")));
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        String sdp = "x".repeat(100_000);
        for (int i = 0; i < 400; i++) {
            command.session()
                    .tell(new SessionNotice.Descriptions(List.of(
                            new ConnectionDescription("p", new Description(Description.Type.OFFER, i + 2, sdp)))));
        }

        expect(RoomCommand.SessionLost.class);
        assertThat(server.gateway.statistics().snapshot().overflows()).isPositive();
    }
}
