package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.signal.SignalLimits;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;

/** Tests an open socket: the messages that it passes on, and how it ends. */
class SessionTest extends SessionFixture {
    // --- bad input ------------------------------------------------------------------------------------------------

    @Test
    void answersMalformedFramesWithTheirCode() {
        for (String text : List.of("hello?", "[]", hello("{\"type\":\"update\"}"), msg(ice(token())))) {
            SignalingClient client = server.signaling().send(text);
            assertThat(client.next().path("type").asText()).isEqualTo("welcome");
            assertFailsWith(client, 53004);
        }
    }

    @Test
    void answersBinaryAndTooLargeFramesWithTheirCode() {
        SignalingClient binary = server.signaling().sendBinary(new byte[100]);
        binary.next();
        assertFailsWith(binary, 53004);

        SignalingClient large = server.signaling();
        large.send("\"" + "x".repeat(3 * SignalLimits.FRAME_CHARS_MAX) + "\"");
        large.next();
        assertFailsWith(large, 53004);
        assertThat(server.gateway.statistics().snapshot().malformed())
                .containsEntry(org.rotunda.gateway.signal.Malformed.TOO_LARGE, 1L)
                .containsEntry(org.rotunda.gateway.signal.Malformed.NOT_JSON, 1L);
    }

    @Test
    void takesFramesUpToTheLimit() {
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

    /** A client that sends too much waits. All its updates arrive, and its session goes on. */
    @Test
    void letsAClientWaitThatSendsTooMuch() {
        restart("rotunda.signaling { receive-frames-per-second = 20, receive-frames-burst = 8 }");
        Joined joined = join();
        Instant begin = Instant.now();
        for (int i = 0; i < 40; i++) {
            joined.client().send(Samples.msg(Samples.get("rsp", "update_track_disabled")));
        }

        for (int i = 0; i < 40; i++) {
            expect(RoomCommand.Update.class);
        }

        // At most 8 of the 40 frames pass at once: the burst is 8 frames, and the join has used a part of it. The other
        // frames pass at 20 a second.
        assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(1_500));
        assertThat(server.gateway.statistics().snapshot().throttled()).isPositive();
        assertThat(joined.client().isOpen()).isTrue();
    }

    /** An update of many tracks causes many rows in the journal, so it counts as many frames. */
    @Test
    void countsAnUpdateOfManyTracksAsManyFrames() {
        restart("rotunda.signaling { receive-frames-per-second = 20, receive-frames-burst = 30 }");
        Joined joined = join();
        String tracks = IntStream.range(0, 160)
                .mapToObj(i -> "{\"id\":\"" + i + "\",\"kind\":\"data\",\"name\":\"" + i + "\"}")
                .collect(Collectors.joining(","));
        Instant begin = Instant.now();
        for (int revision = 5; revision < 9; revision++) {
            joined.client()
                    .send(msg("{\"type\":\"update\",\"participant\":{\"revision\":" + revision + ",\"tracks\":["
                            + tracks + "]}}"));
        }

        for (int i = 0; i < 4; i++) {
            assertThat(expect(RoomCommand.Update.class).participant().tracks()).hasSize(160);
        }

        // The first update counts as 21 frames, and the second update overdraws the burst. Each of the other two
        // updates waits for a second.
        assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(1_200));
    }

    /** The time in which the server does not read does not count as silence of the client. */
    @Test
    void doesNotTakeAWaitingClientForSilent() {
        restart("rotunda.signaling { heartbeat = 500 ms, receive-chars-per-second = 64 KiB,"
                + " receive-chars-burst = 1 MiB }");
        Joined joined = join();
        String sdp = "x".repeat(300_000);
        for (int revision = 2; revision < 7; revision++) {
            joined.client()
                    .send(msg("{\"type\":\"update\",\"session\":\"s\",\"participant\":{\"revision\":4,\"tracks\":[]},"
                            + "\"peer_connections\":[{\"id\":\"p\",\"description\":{\"type\":\"offer\",\"revision\":"
                            + revision + ",\"sdp\":\"" + sdp + "\"}}]}"));
        }

        // The last update is read more than 3 s after the first. A client counts as silent after 1.5 s.
        for (int i = 0; i < 5; i++) {
            expect(RoomCommand.Update.class);
        }

        assertThat(joined.client().isOpen()).isTrue();
    }

    /** The SDK fires {@code trackPublished} only for tracks that become ready after {@code connected}. */
    @Test
    void tellsTheTracksOfAConnectAfterTheAnswer() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        SessionNotice.Connected bare = connected(server.rooms.all().get(0).sid());
        SessionNotice.Published published = new SessionNotice.Published(
                8, List.of(new SessionNotice.PublishedTrack("t1", TrackSid.random(RANDOM), null)));
        command.session()
                .tell(new SessionNotice.RoomChanged(List.of(), new SessionNotice.Published(9, List.of()), null));
        command.replyTo()
                .tell(StatusReply.success(new SessionNotice.Connected(
                        bare.sessionId(),
                        bare.roomSid(),
                        bare.roomName(),
                        bare.participantSid(),
                        bare.identity(),
                        bare.sessionTimeout(),
                        bare.mediaRegion(),
                        new SessionNotice.RoomSnapshot(
                                List.of(), published, EMPTY.subscribed(), List.of(), EMPTY.recording()),
                        Map.of(),
                        bare.node())));

        assertThat(client.body("connected").at("/published/tracks/0/state").asText())
                .isEqualTo("created");
        JsonNode update = client.body("update").path("published");
        assertThat(update.path("revision").asInt()).isEqualTo(8);
        assertThat(update.at("/tracks/0/state").asText()).isEqualTo("ready");
        // The room sent this update before its answer.
        assertThat(client.body("update").at("/published/revision").asInt()).isEqualTo(9);
    }

    /** SDK 2.0.0 to 2.4.0 say hello without a request, and send the request after the welcome. */
    @Test
    void takesAHelloWithoutARequest() {
        SignalingClient client = server.signaling().send("{\"id\":\"1\",\"timeout\":5000,\"type\":\"hello\"}");
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");

        client.send(msg(connect(token(), "daily")));

        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));
        client.body("connected");
    }

    // --- in the room ----------------------------------------------------------------------------------------------

    @Test
    void passesOnUpdatesAndNotices() {
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
    void sendsNoticesThatOvertookTheAnswerAfterIt() {
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
    void sendsHeartbeatsAndLosesASilentClient() {
        restart("rotunda.signaling.heartbeat = 500 ms");
        Joined joined = join();

        assertThat(joined.client().nextFrame().path("type").asText()).isEqualTo("heartbeat");
        RoomCommand.SocketLost lost = expect(RoomCommand.SocketLost.class);
        assertThat(lost.sessionId()).isEqualTo(joined.session());
        assertThat(lost.session()).isEqualTo(joined.command().session());
        assertThat(joined.client().closeCode()).isEqualTo(1011);
    }

    @Test
    void keepsAClientThatSendsHeartbeats() {
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
    void endsTheSessionOnceOnDisconnectAndBye() {
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
    void closesTheSocketWhenAClientSaysByeAndStays() {
        Joined joined = join();
        joined.client().send("{\"type\":\"bye\"}");

        expect(RoomCommand.Disconnect.class);
        assertThat(joined.client().closeCode()).isEqualTo(1000);
    }

    @Test
    void reportsALostSocketAndEchoesTheCloseCode() {
        Joined joined = join();
        joined.client().close(3004);

        assertThat(expect(RoomCommand.SocketLost.class).sessionId()).isEqualTo(joined.session());
        assertThat(joined.client().closeCode()).isEqualTo(3004);

        Joined broken = join();
        broken.client().abort();
        assertThat(expect(RoomCommand.SocketLost.class).sessionId()).isEqualTo(broken.session());
    }

    @Test
    void sendsTheLastMessageOfTheRoom() {
        Joined replaced = join();
        replaced.tell(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        assertFailsWith(replaced.client(), 53205);

        Joined completed = join();
        completed.tell(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        assertThat(completed.client().body("disconnected").path("status").asText())
                .isEqualTo("completed");

        Joined removed = join();
        removed.tell(new SessionNotice.Ended(null));
        assertThat(removed.client().body("disconnected").has("status")).isFalse();
        // The gateway sends no leave, because the room itself has ended the session.
        server.room.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void failsASupersededSocketWithoutAMessage() {
        Joined joined = join();
        joined.tell(new SessionNotice.Superseded());

        assertThat(joined.client().closeCode()).isEqualTo(1011);
        assertThat(joined.client().isQuiet()).isTrue();
        server.room.expectNoMessage(Duration.ofMillis(100));
    }

    // --- the node -------------------------------------------------------------------------------------------------

    @Test
    void failsAChosenSocketSoThatItsClientComesBack() {
        Joined joined = join();
        ParticipantSid participant = joined.answer().participantSid();

        assertThat(GatewayFixture.await(server.gateway.failSocket(participant))).isTrue();

        assertThat(joined.client().closeCode()).isEqualTo(1011);
        expect(RoomCommand.SocketLost.class);
        assertThat(GatewayFixture.await(server.gateway.failSocket(ParticipantSid.random(RANDOM))))
                .isFalse();
    }

    @Test
    void failsTheSocketOfASessionThatDiesOfAFault() {
        Joined joined = join();
        joined.tell(joined.answer()); // A second answer is a fault, which a real room never causes.

        assertThat(joined.client().closeCode()).isEqualTo(1011);
    }

    @Test
    void drainsByFailingSocketsAndSendsNewClientsAway() {
        Joined first = join();
        Joined second = join();
        var drained = server.gateway.drain(Duration.ofMillis(300));

        assertThat(first.client().closeCode()).isEqualTo(1012);
        assertThat(second.client().closeCode()).isEqualTo(1012);
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

    /** The SDK does not repeat a first connect, so a drain waits for it. */
    @Test
    void letsFirstConnectsFinishInADrain() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        var drained = server.gateway.drain(Duration.ZERO);

        command.replyTo()
                .tell(StatusReply.success(connected(server.rooms.all().get(0).sid())));

        client.body("connected");
        assertThat(client.closeCode()).isEqualTo(1012);
        GatewayFixture.await(drained);
    }

    @Test
    void acceptsClientsAgainWhenADrainIsTakenBack() {
        Joined first = join();
        var drained = server.gateway.drain(Duration.ofMinutes(1));
        assertThat(first.client().closeCode()).isEqualTo(1012);

        server.gateway.undrain();

        GatewayFixture.await(drained);
        expect(RoomCommand.SocketLost.class);
        assertThat(join().client().isOpen()).isTrue();
    }

    @Test
    void failsTheSocketOfAClientThatDoesNotRead() {
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

        expect(RoomCommand.SocketLost.class);
        assertThat(server.gateway.statistics().snapshot().overflows()).isPositive();
    }
}
