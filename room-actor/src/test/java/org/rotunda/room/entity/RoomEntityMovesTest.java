package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.HANDOVER;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.call.CallReport;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.FakeMediaRouter;

/** Tests moves of a room's participants when media nodes come, die or drain. */
class RoomEntityMovesTest {
    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @Test
    void refusesConnectsWithoutMediaNodes() {
        room.create();
        room.nodes.lose("media-1");

        assertThat(errorOf(room.tryConnect("alice"))).isEqualTo(RoomError.BUSY);
    }

    @Test
    void refusesConnectsWhileEveryMediaNodeIsFull() {
        room.create();
        room.connect("alice");
        room.nodes.setLoad("media-1", 1);

        assertThat(errorOf(room.tryConnect("bob"))).isEqualTo(RoomError.BUSY);

        room.nodes.setLoad("media-1", 0.99);
        room.connect("bob");
        assertThat(room.open().participants()).hasSize(2);
    }

    @Test
    void placesANewRoomOnTheLessLoadedMediaNode() {
        room.create();
        room.nodes.add("media-2", room.spawnNode("media-2"));
        room.nodes.setLoad("media-1", 0.5);
        room.nodes.setLoad("media-2", 0.4);

        room.connect("alice");

        assertThat(room.firstParticipant().placement().mediaNode()).isEqualTo("media-2");
    }

    /**
     * A node reports once a second whether it is full. A participant who joins before that report can be placed on a
     * full node, which then refuses the transport.
     */
    @Test
    void endsAParticipantWhomTheOnlyMediaNodeRefuses() {
        room.create();
        room.connect("alice");
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected bob = room.connect("bob", socket);
        // This is the answer to the first offer. It must come before the refusal, because a node sends nothing about a
        // transport after it has refused that transport.
        socket.expectMessageClass(SessionNotice.Descriptions.class);
        TransportId transport =
                new TransportId(ROOM.value(), bob.participantSid().value(), "pc-bob");

        room.routers
                .get(0)
                .happens(new MediaEvent.CommandRefused(transport, room.open().epoch(), MediaEvent.Refusal.NODE_FULL));

        SessionNotice notice = socket.receiveMessage();
        while (!(notice instanceof SessionNotice.Ended)) {
            notice = socket.receiveMessage(); // Skips lists of participants.
        }
        assertThat(notice).isEqualTo(new SessionNotice.Ended(RoomError.MEDIA_CONNECTION_FAILED));
        assertThat(room.open().participants())
                .singleElement()
                .satisfies(alice -> assertThat(alice.identity()).isEqualTo("alice"));
    }

    @Test
    void movesAResumedParticipantWhoseMediaNodeIsGone() {
        room.create();
        SessionId alice = room.connect("alice").sessionId();
        room.replaceNode();

        Synced synced = room.sync(alice, room.newSocket());

        Placement placement = room.firstParticipant().placement();
        assertThat(placement.mediaNode()).isEqualTo("media-2");
        assertThat(placement.connectionId()).isNotEqualTo("pc-alice");
        assertThat(synced.snapshot().connections())
                .containsExactly(
                        connection("pc-alice", Description.Type.CLOSE),
                        connection(placement.connectionId(), Description.Type.CREATE_OFFER));
    }

    @Test
    void movesALiveParticipantWhoseMediaNodeIsGone() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        room.connect("alice", socket);
        socket.expectMessageClass(SessionNotice.Descriptions.class); // This is the answer to the first offer.
        room.replaceNode();

        room.mediaNodesChange();

        List<ConnectionDescription> told =
                socket.expectMessageClass(SessionNotice.Descriptions.class).descriptions();
        assertThat(told)
                .extracting(each -> each.description().type())
                .containsExactly(Description.Type.CLOSE, Description.Type.CREATE_OFFER);
        assertThat(told)
                .extracting(ConnectionDescription::connectionId)
                .startsWith("pc-alice")
                .doesNotHaveDuplicates();
    }

    @Test
    void aParticipantWhoJoinsWhileTheMediaNodeDiesGetsIntoTheCall() {
        room.create();
        room.nodes.lose("media-1");
        TestProbe<MediaNode.Command> silentNode = room.actors.createTestProbe();
        room.nodes.add("media-0", silentNode.getRef());
        TestProbe<SessionNotice> socket = room.newSocket();
        SessionId alice = room.connect("alice", socket).sessionId();
        room.nodes.lose("media-0");
        room.nodes.add("media-2", room.spawnNode("media-2"));

        room.mediaNodesChange();

        List<ConnectionDescription> told =
                socket.expectMessageClass(SessionNotice.Descriptions.class).descriptions();
        assertThat(told.get(0).connectionId()).isEqualTo("pc-alice");
        assertThat(told.get(0).description().type()).isEqualTo(Description.Type.CLOSE);
        String fresh = told.get(1).connectionId();
        room.entity.runCommand(new RoomCommand.Update(alice, client(1), List.of(offer(fresh))));
        ConnectionDescription answer = socket.expectMessageClass(SessionNotice.Descriptions.class)
                .descriptions()
                .get(0);
        assertThat(answer.connectionId()).isEqualTo(fresh);
        assertThat(answer.description().sdp()).isEqualTo(FakeMediaRouter.ANSWER_SDP);
    }

    @Test
    void everybodyMovesInOneWrite() {
        room.create();
        room.connect("alice");
        room.connect("bob");
        room.nodes.add("media-2", room.spawnNode("media-2"));
        var movers = room.open().participants().stream()
                .map(participant -> new CallReport.Mover(participant.sid(), true))
                .toList();

        assertThat(room.entity
                        .runCommand(new CallReport.Move("media-1", Set.of(), movers, null))
                        .events())
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).isInstanceOf(RoomEvent.ParticipantMoved.class));
    }

    @Test
    void movesALiveConnectionWhoseHandoverIsKnown() {
        room.create();
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket);
        socket.expectMessageClass(SessionNotice.Descriptions.class); // This is the answer to the first offer.
        TransportId transport =
                new TransportId(ROOM.value(), alice.participantSid().value(), "pc-alice");
        room.routers.get(0).happens(new MediaEvent.HandoverChanged(transport, HANDOVER));
        socket.expectNoMessage(Duration.ofMillis(100)); // Meanwhile the conductor gets the handover.
        room.replaceNode();

        room.mediaNodesChange();

        socket.expectNoMessage(Duration.ofMillis(100)); // The client will get only the new node's offer.
        assertThat(room.firstParticipant().placement()).isEqualTo(new Placement("media-2", "pc-alice"));
        assertThat(room.routers.get(1).commands(MediaCommand.OpenTransport.class))
                .singleElement()
                .satisfies(opened -> {
                    assertThat(opened.transport()).isEqualTo(transport);
                    assertThat(opened.handover()).isEqualTo(HANDOVER);
                    assertThat(opened.requestOffer()).isFalse();
                });
    }

    @Test
    void movesEverybodyOffANodeThatIsToBeLeft() {
        room.create();
        room.connect("alice");
        room.connect("bob");
        assertThat(errorOf(room.moveTransports("media-1"))).isEqualTo(RoomError.BUSY);
        room.nodes.add("media-2", room.spawnNode("media-2"));

        assertThat(room.moveTransports("media-1").isSuccess()).isTrue();

        assertThat(room.open().participants())
                .extracting(participant -> participant.placement().mediaNode())
                .containsExactly("media-2", "media-2");
    }

    @Test
    void movesToTheNodeThatIsWanted() {
        room.create();
        room.connect("alice");
        room.nodes.add("media-2", room.spawnNode("media-2"));
        room.nodes.add("media-3", room.spawnNode("media-3"));
        room.nodes.setLoad("media-3", 0.8); // Without a wish nobody would be moved there.

        moves("media-1", "media-3");

        assertThat(room.firstParticipant().placement()).isEqualTo(new Placement("media-3", "pc-alice"));
    }

    @Test
    void movesToTheOthersOfTheRoomOrToAnyNodeIfTheWantedOneIsNoBetter() {
        room.create();
        room.connect("alice");
        room.nodes.add("media-2", room.spawnNode("media-2"));
        moves("media-1", "media-9"); // This node is gone.
        assertThat(room.firstParticipant().placement().mediaNode()).isEqualTo("media-2");
        room.connect("bob");
        room.nodes.add("media-3", room.spawnNode("media-3"));
        var alone = List.of(new CallReport.Mover(room.firstParticipant().sid(), true));
        room.entity.runCommand(new CallReport.Move("media-2", Set.of(), alone, "media-3", null));
        assertThat(room.firstParticipant().placement().mediaNode()).isEqualTo("media-3");

        room.nodes.add("media-4", room.spawnNode("media-4"));
        moves("media-2", "media-4");

        assertThat(room.open().participants())
                .extracting(participant -> participant.placement().mediaNode())
                .containsExactly("media-3", "media-3");
    }

    private void moves(String from, String target) {
        var movers = room.open().participants().stream()
                .map(participant -> new CallReport.Mover(participant.sid(), true))
                .toList();
        room.entity.runCommand(new CallReport.Move(from, Set.of(), movers, target, null));
    }

    @Test
    void refusesAMoveOfARoomThatWasCompletedMeanwhile() {
        room.create();
        room.complete();

        assertThat(errorOf(room.<Done>ask(replyTo -> new CallReport.Move("media-1", Set.of(), List.of(), replyTo))))
                .isEqualTo(RoomError.ROOM_COMPLETED);
    }

    private static SessionNotice.Connection connection(String id, Description.Type type) {
        return new SessionNotice.Connection(id, new ConnectionDescription(id, new Description(type, 1, "")));
    }
}
