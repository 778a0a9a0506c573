package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;

/** Tests syncs when a client has come back, and when a room no longer knows the sockets of its participants. */
class ResumeTest extends SessionFixture {
    @Test
    void resumesBySessionIdWithoutKnowingTheRoom() {
        SessionNotice.Connected before = earlier();
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
    void refusesToResumeASessionThatIsOver() {
        SignalingClient nonsense = server.signaling().send(hello(sync(token(), "nonsense")));
        nonsense.next();
        assertFailsWith(nonsense, 53204);

        String session = earlier().sessionId().value();
        SignalingClient expired = server.signaling().send(hello(sync(token(), session)));
        expired.next();
        expect(RoomCommand.Sync.class)
                .replyTo()
                .tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        assertFailsWith(expired, 53204);

        SignalingClient completed = server.signaling().send(hello(sync(token(), session)));
        completed.next();
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
        assertThat(completed.body("disconnected").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void asksNoRoomThatTheAccountDoesNotHave() {
        RoomView foreign = server.rooms.put(server.rooms.room(
                new AccountSid("AC00000000000000000000000000000002"), "daily", Instant.parse("2024-03-01T10:00:00Z")));
        for (RoomSid room : List.of(RoomSid.random(RANDOM), foreign.sid())) {
            String session = connected(room).sessionId().value();
            SignalingClient client = server.signaling().send(hello(sync(token(), session)));
            client.next();
            assertFailsWith(client, 53204);
        }
        server.room.expectNoMessage(); // A command to the SID would start an entity.
    }

    @Test
    void asksNoRoomWhileTheDatabaseCannotTellWhetherItExists() {
        server.rooms.refuse(RoomError.BUSY);
        SignalingClient client = server.signaling()
                .send(hello(sync(token(), earlier().sessionId().value())));

        assertThat(client.closeCode()).isEqualTo(1011);
        server.room.expectNoMessage();
    }

    @Test
    void takesAnUpdateThatComesWhileTheRoomIsLookedUp() {
        server.rooms.holdLookUps();
        SignalingClient client = server.signaling()
                .send(hello(sync(token(), earlier().sessionId().value())));
        client.next();
        client.send(Samples.msg(Samples.get("rsp", "update_answer_to_server_offer")));
        awaitFramesReceived(2);
        server.rooms.releaseLookUps();

        assertThat(expect(RoomCommand.Sync.class).descriptions())
                .anySatisfy(each -> assertThat(each.description().type()).isEqualTo(Description.Type.ANSWER));
    }

    @Test
    void endsTheSessionOfAClientThatLeavesWhileTheRoomIsLookedUp() {
        server.rooms.holdLookUps();
        SessionNotice.Connected before = earlier();
        SignalingClient client =
                server.signaling().send(hello(sync(token(), before.sessionId().value())));
        client.next();
        client.send("{\"type\":\"bye\"}");
        awaitFramesReceived(2);
        server.rooms.releaseLookUps();

        assertThat(expect(RoomCommand.Disconnect.class).sessionId()).isEqualTo(before.sessionId());
    }

    @Test
    void refusesToResumeWithAnExpiredToken() {
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
        SignalingClient client =
                server.signaling().send(hello(sync(old, earlier().sessionId().value())));
        client.next();

        assertFailsWith(client, 20104);
    }

    @Test
    void letsAClientTryAgainWhenTheRoomIsBusyOrSilentOnSync() {
        restart("rotunda.signaling.sync-timeout = 300 ms");
        String session = earlier().sessionId().value();
        SignalingClient busy = server.signaling().send(hello(sync(token(), session)));
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        assertThat(busy.closeCode()).isEqualTo(1011);
        expect(RoomCommand.SocketLost.class);

        SignalingClient silent = server.signaling().send(hello(sync(token(), session)));
        expect(RoomCommand.Sync.class);
        assertThat(silent.closeCode()).isEqualTo(1011);
        expect(RoomCommand.SocketLost.class);
    }

    @Test
    void tellsRoomsThatMovedWhichSocketsTheirSessionsHave() {
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
    void repeatsASyncWithTheClientsLatestStateUntilTheRoomAnswers() {
        restart("rotunda.signaling.sync-repeat = 200 ms");
        Joined joined = join();
        server.gateway.resync(Duration.ZERO);
        assertThat(expect(RoomCommand.Sync.class).descriptions()) // This sync gets no answer.
                .noneSatisfy(each -> assertThat(each.description().type()).isEqualTo(Description.Type.ANSWER));

        joined.client().send(Samples.msg(Samples.get("rsp", "update_answer_to_server_offer")));
        RoomCommand.Sync repeated = expectSyncWithAnswer(); // This sync carries the client's answer.

        repeated.replyTo().tell(StatusReply.success(synced(joined.answer())));
        joined.client().body("synced");
        assertThat(joined.client().isOpen()).isTrue();
    }

    @Test
    void repeatsAResumeWithinItsTime() {
        restart("rotunda.signaling.sync-repeat = 200 ms");
        SessionNotice.Connected before = earlier();
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
    void followsARoomThatMovesWithoutItsClient() {
        Joined joined = join();
        joined.tell(new SessionNotice.Moved());

        RoomCommand.Sync sync = expect(RoomCommand.Sync.class);
        assertThat(sync.sessionId()).isEqualTo(joined.session());
        assertThat(sync.descriptions()).isNotEmpty(); // The sync carries the client's latest descriptions.
        assertThat(joined.client().isQuiet()).isTrue();
        sync.replyTo().tell(StatusReply.success(synced(joined.answer())));

        joined.client().body("synced");
        assertThat(joined.client().isOpen()).isTrue();
    }

    /**
     * The client closes a connection that the answer to a sync does not list, and does not say so. It may answer an
     * offer on the connection before it gets that answer.
     */
    @Test
    void doesNotTellTheRoomOfAConnectionThatTheClientIsAboutToClose() {
        Joined joined = join();
        joined.tell(new SessionNotice.Descriptions(
                List.of(new ConnectionDescription("p", new Description(Description.Type.OFFER, 2, "v=0")))));
        joined.client().body("update");
        joined.tell(new SessionNotice.Moved());
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(joined.answer())));
        joined.client().body("synced");
        joined.client()
                .send(msg("{\"type\":\"update\",\"session\":\"s\",\"participant\":{\"revision\":4,\"tracks\":[]},"
                        + "\"peer_connections\":[{\"id\":\"p\","
                        + "\"description\":{\"type\":\"answer\",\"revision\":2,\"sdp\":\"v=0\"}}]}"));
        assertThat(expect(RoomCommand.Update.class).descriptions()).hasSize(1);

        joined.tell(new SessionNotice.Moved());

        assertThat(expect(RoomCommand.Sync.class).descriptions()).isEmpty();
    }

    private void awaitFramesReceived(long count) {
        server.room.awaitAssert(() -> {
            assertThat(server.gateway.statistics().snapshot().framesReceived()).isGreaterThanOrEqualTo(count);
            return null;
        });
    }
}
