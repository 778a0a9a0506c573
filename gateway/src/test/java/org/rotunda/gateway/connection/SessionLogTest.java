package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.connection.GatewayStatistics.JoinOutcome;
import org.rotunda.gateway.connection.GatewayStatistics.JoinResult;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.LogCapture;
import org.rotunda.gateway.testkit.LogCapture.Line;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionNotice;

/** Tests the log lines of a session's events. */
class SessionLogTest extends SessionFixture {
    private final LogCapture log = LogCapture.of(SessionLog.class.getName(), Level.INFO);

    @AfterEach
    void detach() {
        log.close();
    }

    private Line expectLine(String event) {
        Line line = log.next(each -> !each.message().equals("session opened"));
        assertThat(line.message()).isEqualTo(event);
        assertThat(line.level()).isEqualTo(Level.INFO);
        assertThat(line.values()).containsEntry("remote", "127.0.0.1");
        assertThat(line.value("request")).matches("RQ[0-9a-f]{32}");
        return line;
    }

    private static void isAbout(SessionNotice.Connected session, Line line) {
        assertThat(line.values())
                .containsEntry("room", session.roomSid().value())
                .containsEntry("participant", session.participantSid().value())
                .containsEntry("account", GatewayFixture.ACCOUNT.value());
        assertThat(line.toString()).doesNotContain(session.sessionId().value());
    }

    @Test
    void aSessionThatIsOpened() {
        Joined joined = join();

        Line line = log.next();
        assertThat(line.message()).isEqualTo("session opened");
        isAbout(joined.answer(), line);
    }

    @Test
    void aSessionWhoseSocketIsLostWithTheReason() {
        Joined closed = join();
        closed.client().close(3004);
        Line line = expectLine("session lost");
        isAbout(closed.answer(), line);
        assertThat(line.values()).containsEntry("reason", "closed by the client with 3004");
        expect(RoomCommand.SocketLost.class);

        Joined broken = join();
        broken.client().abort();
        line = expectLine("session lost");
        isAbout(broken.answer(), line);
        assertThat(line.value("reason")).isIn("connection broke", "closed without an error code");
        expect(RoomCommand.SocketLost.class);

        Joined drained = join();
        server.gateway.drain(Duration.ZERO);
        line = expectLine("session lost");
        isAbout(drained.answer(), line);
        assertThat(line.values()).containsEntry("reason", "node is drained");
    }

    @Test
    void aSessionWhoseClientIsSilent() {
        restart("rotunda.signaling.heartbeat = 500 ms");
        Joined silent = join();

        Line line = expectLine("session lost");
        isAbout(silent.answer(), line);
        assertThat(line.values()).containsEntry("reason", "client is silent");
    }

    @Test
    void aSessionThatIsResumed() {
        SessionNotice.Connected before = connected(RoomSid.random(RANDOM));
        server.signaling().send(hello(sync(token(), before.sessionId().value())));
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(before)));

        isAbout(before, expectLine("session resumed"));
    }

    @Test
    void aResumeThatIsRefusedWithTheCode() {
        SessionNotice.Connected before = connected(RoomSid.random(RANDOM));
        server.signaling().send(hello(sync(token(), before.sessionId().value())));
        expect(RoomCommand.Sync.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));

        Line line = expectLine("resume refused");
        isAbout(before, line);
        assertThat(line.values()).containsEntry("code", "53204").containsEntry("reason", "participant_not_found");
    }

    @Test
    void aResumeThatTheRoomDoesNotAnswer() {
        restart("rotunda.signaling.sync-timeout = 300 ms");
        SessionNotice.Connected before = connected(RoomSid.random(RANDOM));
        server.signaling().send(hello(sync(token(), before.sessionId().value())));

        Line line = expectLine("resume failed");
        isAbout(before, line);
        assertThat(line.values()).containsEntry("reason", "room does not answer");
    }

    @Test
    void aConnectThatIsRefusedWithTheCode() {
        server.signaling().send(hello(connect("nonsense", "daily")));
        assertThat(expectLine("connect refused").values())
                .containsEntry("code", "20101")
                .containsEntry("reason", "invalid")
                .doesNotContainKeys("account", "room");

        server.signaling().send(hello(connect(token(), "daily")));
        expect(RoomCommand.Connect.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED)));
        assertThat(expectLine("connect refused").values())
                .containsEntry("code", "53105")
                .containsEntry("account", GatewayFixture.ACCOUNT.value())
                .containsEntry("room", server.rooms.all().get(0).sid().value());

        assertThat(joins())
                .containsEntry(new JoinOutcome(JoinResult.REFUSED, "20101"), 1L)
                .containsEntry(new JoinOutcome(JoinResult.REFUSED, "53105"), 1L);
    }

    @Test
    void aConnectWhoseClientGoesAway() {
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        expect(RoomCommand.Connect.class);
        client.close(1000);

        expectLine("connect abandoned");
        assertThat(joins()).containsEntry(new JoinOutcome(JoinResult.ABANDONED, ""), 1L);
    }

    @Test
    void aConnectThatNoRoomAnswers() {
        restart("rotunda.signaling.connect-timeout = 300 ms");
        server.signaling().send(hello(connect(token(), "daily")));

        assertThat(expectLine("connect refused").values())
                .containsEntry("code", "53006")
                .containsEntry("reason", "busy");
        assertThat(joins()).containsEntry(new JoinOutcome(JoinResult.FAILED, "53006"), 1L);
    }

    @Test
    void aFrameThatIsNotUnderstoodBeforeAndInARoom() {
        server.signaling().send("hello?");
        assertThat(expectLine("connect refused").values())
                .containsEntry("code", "53004")
                .containsEntry("reason", "not_json");

        Joined joined = join();
        joined.client().send("[]");
        Line line = expectLine("session ended");
        isAbout(joined.answer(), line);
        assertThat(line.values()).containsEntry("code", "53004").containsEntry("reason", "not_an_object");
    }

    @Test
    void aSessionThatIsSuperseded() {
        Joined joined = join();
        joined.tell(new SessionNotice.Superseded());

        isAbout(joined.answer(), expectLine("session superseded"));
    }

    @Test
    void aSessionThatEnds() {
        Joined replaced = join();
        replaced.tell(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        Line line = expectLine("session ended");
        isAbout(replaced.answer(), line);
        assertThat(line.values()).containsEntry("code", "53205").containsEntry("reason", "duplicate_identity");

        Joined left = join();
        left.client().send("{\"type\":\"bye\"}");
        line = expectLine("session ended");
        isAbout(left.answer(), line);
        assertThat(line.values()).containsEntry("reason", "left by the client").doesNotContainKey("code");
    }

    @Test
    void aClientThatIsSentAwayFromAFullNode() {
        restart("rotunda.signaling.sessions-max = 1");
        join();
        server.signaling().send(hello(ice(token())));

        assertThat(expectLine("client sent away").values()).containsEntry("reason", "node is full or stops");
    }

    private Map<JoinOutcome, Long> joins() {
        return server.gateway.statistics().snapshot().joins();
    }
}
