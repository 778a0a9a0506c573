package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.Samples;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;

/** Tests which sessions register with their rooms again when a node with rooms is lost. */
class ResyncTest extends SessionFixture {
    private static final String ONE = NODE;
    private static final String TWO = "10.0.0.8:25520#2";

    @BeforeEach
    void neverRepeatSyncs() {
        restart("rotunda.signaling { sync-repeat = 1m, sync-timeout = 1m }");
        roomsAnswer();
    }

    @Test
    void onlySessionsOfTheLostNodeSync() {
        Joined first = join(ONE);
        Joined other = join(TWO);
        Joined second = join(ONE);

        server.gateway.resync(Set.of(ONE), Duration.ZERO);

        assertThat(syncs(2)).containsExactlyInAnyOrder(first.session(), second.session());
        assertNextIsAnUpdateOf(other);
    }

    @Test
    void aSessionThatDoesNotKnowItsNodeSyncsAtEachLoss() {
        Joined joined = join(null); // A room of an earlier release does not tell its node.

        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(joined.answer(), null)));
        joined.client().body("synced");
        server.gateway.resync(Set.of(TWO), Duration.ZERO);

        expect(RoomCommand.Sync.class);
    }

    @Test
    void aSessionFollowsItsRoomToAnotherNode() {
        Joined joined = join(ONE);
        Joined other = join(ONE);
        joined.tell(new SessionNotice.Moved());
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(joined.answer(), TWO)));
        joined.client().body("synced");

        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        assertThat(syncs(1)).containsExactly(other.session());
        assertNextIsAnUpdateOf(joined);

        server.gateway.resync(Set.of(TWO), Duration.ZERO);
        assertThat(syncs(2)) // The other session still waits for an answer, so it does not know its node.
                .containsExactlyInAnyOrder(joined.session(), other.session());
    }

    @Test
    void aSyncUnderWayIsRepeatedAtOnce() {
        Joined joined = join(ONE);
        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        assertThat(syncs(1)).containsExactly(joined.session());

        server.gateway.resync(Set.of(TWO), Duration.ZERO); // The room may run on any node by now.

        assertThat(syncs(1)).containsExactly(joined.session());
    }

    @Test
    void aResumeUnderWayIsRepeatedAtOnce() {
        SessionNotice.Connected before = earlier();
        SignalingClient client =
                server.signaling().send(hello(sync(token(), before.sessionId().value())));
        client.next();
        assertThat(syncs(1)).containsExactly(before.sessionId());

        server.gateway.resync(Set.of(TWO), Duration.ZERO);

        assertThat(syncs(1)).containsExactly(before.sessionId());
    }

    @Test
    void aSessionThatConnectsMeanwhileSyncsAfterItsAnswer() {
        Joined other = join(ONE);
        SignalingClient client = server.signaling().send(hello(connect(token(), "daily")));
        client.next();
        RoomCommand.Connect command = expect(RoomCommand.Connect.class);
        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        assertThat(syncs(1)).containsExactly(other.session());
        GatewayFixture.await(server.gateway.participants()); // By now the other session has been told, too.

        SessionNotice.Connected answer = connected(server.rooms.all().get(0).sid(), ONE);
        command.replyTo().tell(StatusReply.success(answer));

        client.body("connected");
        assertThat(syncs(1)).containsExactly(answer.sessionId());
    }

    @Test
    void answersOfTwoNodesLeadToOneMoreSync() {
        Joined joined = join(ONE);
        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        RoomCommand.Sync first = expect(RoomCommand.Sync.class);
        server.gateway.resync(Set.of(ONE), Duration.ZERO);
        RoomCommand.Sync second = expect(RoomCommand.Sync.class);

        first.replyTo().tell(StatusReply.success(synced(joined.answer(), ONE)));
        second.replyTo().tell(StatusReply.success(synced(joined.answer(), TWO)));
        expect(RoomCommand.Sync.class).replyTo().tell(StatusReply.success(synced(joined.answer(), TWO)));

        joined.client().body("synced");
        joined.client().body("synced");
        server.gateway.resync(Set.of(TWO), Duration.ZERO);
        assertThat(syncs(1)).containsExactly(joined.session());
    }

    @Test
    void nodesLostOneAfterTheOtherReachTheSessionsOfEach() {
        Joined first = join(ONE);
        Joined second = join(TWO);

        server.gateway.resync(Set.of(ONE), Duration.ofMillis(500));
        server.gateway.resync(Set.of(TWO), Duration.ofMillis(500));

        assertThat(syncs(3)) // The first session gets no answer, so it does not know its node at the second loss.
                .containsExactlyInAnyOrder(first.session(), first.session(), second.session());
    }

    /** Waits for this number of syncs, and returns their sessions. */
    private List<SessionId> syncs(int count) {
        List<SessionId> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(expect(RoomCommand.Sync.class).sessionId());
        }
        return sessions;
    }

    /**
     * Makes the client send an update, and asserts that its room gets the update as the next command. So the session had
     * not sent a sync before.
     */
    private void assertNextIsAnUpdateOf(Joined joined) {
        GatewayFixture.await(server.gateway.participants()); // By now all sessions have been told of the lost node.
        joined.client().send(Samples.msg(Samples.get("rsp", "update_track_disabled")));
        assertThat(expect(RoomCommand.Update.class).sessionId()).isEqualTo(joined.session());
    }
}
