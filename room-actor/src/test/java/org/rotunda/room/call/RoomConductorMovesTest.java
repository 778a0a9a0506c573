package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.OTHER_NODE;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.HANDOVER;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;
import org.rotunda.room.testkit.RoomSteps;

/** Tests a conductor whose participants move between media nodes. */
class RoomConductorMovesTest {
    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    @Test
    void movesALiveConnectionToAnotherNode() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");

        MediaNode.Deliver opened = fixture.otherNode.expectMessageClass(MediaNode.Deliver.class);
        assertThat(opened.command())
                .isEqualTo(new MediaCommand.OpenTransport(
                        transport(alice, "alice"), 1, Set.copyOf(properties().videoCodecs()), HANDOVER, false));
        assertThat(fixture.otherNode.expectMessageClass(MediaNode.Deliver.class).command())
                .isInstanceOfSatisfying(DesiredTransport.class, desired -> {
                    assertThat(desired.transport()).isEqualTo(transport(alice, "alice"));
                    assertThat(desired.version()).isEqualTo(1);
                });
        assertThat(fixture.statistics.moved(MoveReason.NODE_LOST)).isEqualTo(1);
        // The old transport stays open until the new transport is connected.
        fixture.node.expectNoMessage(Duration.ofMillis(50));

        fixture.clock.advance(Duration.ofMillis(300));
        opened.conductor()
                .tell(new MediaNode.Told(
                        OTHER_NODE,
                        new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.CONNECTED)));

        assertThat(delivered(fixture.node))
                .isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, false));
        assertThat(fixture.statistics.moveGaps().count()).isEqualTo(1);
        assertThat(fixture.statistics.moveGaps().sum()).isEqualTo(0.3);
    }

    @Test
    void takesEventsOnlyFromTheNodeWhereAConnectionIsNow() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        TestProbe<SessionNotice> socket = fixture.actors.createTestProbe();
        fixture.resume(alice, socket);
        moves(alice, "alice");
        ActorRef<MediaNode.Notice> address =
                fixture.otherNode.expectMessageClass(MediaNode.Deliver.class).conductor();
        Description late = new Description(Description.Type.ANSWER, 4, "v=0\r\n");
        Description offer = new Description(Description.Type.OFFER, 5, "v=0\r\n");

        address.tell(
                new MediaNode.Told(RoomSteps.NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), late)));
        address.tell(new MediaNode.Told(OTHER_NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), offer)));

        socket.expectMessage(new SessionNotice.Descriptions(List.of(new ConnectionDescription("alice", offer))));
    }

    @Test
    void givesTheOfferOfAMoveToAClientThatComesBack() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");
        Description offer = new Description(Description.Type.OFFER, 5, "v=0\r\n");
        fixture.otherNode
                .expectMessageClass(MediaNode.Deliver.class)
                .conductor()
                .tell(new MediaNode.Told(
                        OTHER_NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), offer)));

        assertThat(fixture.resume(alice, fixture.actors.createTestProbe())
                        .snapshot()
                        .connections())
                .containsExactly(new SessionNotice.Connection("alice", new ConnectionDescription("alice", offer)));
    }

    @Test
    void closesBothTransportsOfAMoveThatIsUnderWay() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");
        fixture.otherNode.expectMessageClass(MediaNode.Deliver.class);
        fixture.otherNode.expectMessageClass(MediaNode.Deliver.class);

        ParticipantDisconnected left = new ParticipantDisconnected(alice, Departure.LEFT, START);
        fixture.happensAndEvolves(left);

        assertThat(delivered(fixture.node))
                .isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, false));
        assertThat(fixture.otherNode.expectMessageClass(MediaNode.Deliver.class).command())
                .isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, true));
    }

    @Test
    void tellsWhichParticipantsOfALostNodeCanKeepTheirConnection() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        ParticipantSid bob = fixture.joins("bob");
        ParticipantSid carol = fixture.joins("carol");
        fixture.admit(carol, fixture.actors.createTestProbe());
        fixture.nodes.lose(RoomSteps.NODE);

        fixture.mediaNodesChange();

        CallReport.Move move = fixture.asked(CallReport.Move.class);
        assertThat(move.from()).isEqualTo(RoomSteps.NODE);
        assertThat(move.movers())
                .as("bob has no socket to be told of another connection")
                .containsExactly(new CallReport.Mover(alice, true), new CallReport.Mover(carol, false))
                .noneMatch(mover -> mover.participant().equals(bob));
    }

    /**
     * Tests a media node that was cut off and comes back. It is the only media node. The events that its router sent
     * meanwhile are lost.
     */
    @Test
    void aMediaNodeThatIsBackReportsWhatItsRouterHas() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        fixture.nodes.lose(RoomSteps.NODE);
        fixture.mediaNodesChange();
        // The conductor asks the entity for a move. No move is possible, because there is no other media node.
        fixture.asked(CallReport.Move.class);
        fixture.nodes.add(RoomSteps.NODE, fixture.node.getRef());
        fixture.mediaNodesChange();

        fixture.node.fishForMessage(
                Duration.ofSeconds(10),
                command -> command instanceof MediaNode.Retain retain
                                && retain.keep().equals(Set.of(transport(alice, "alice")))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        assertThat(delivered(fixture.node)).isEqualTo(new MediaCommand.ReportTransport(transport(alice, "alice"), 1));
        assertThat(delivered(fixture.node)).isInstanceOf(DesiredTransport.class);
    }

    @Test
    void aConnectionWithoutItsFirstOfferCannotBeMoved() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, fixture.actors.createTestProbe());
        fixture.happens(new MediaEvent.LocalDescription(
                transport(alice, "alice"), new Description(Description.Type.CREATE_OFFER, 1, "")));
        fixture.happens(new MediaEvent.HandoverChanged(transport(alice, "alice"), HANDOVER));

        fixture.conductor.tell(new ConductorCommand.MoveTransports(new RoomCommand.MoveTransports(
                RoomSteps.NODE,
                fixture.actors.<StatusReply<Done>>createTestProbe().getRef())));

        assertThat(fixture.entity.expectMessageClass(CallReport.Move.class).movers())
                .containsExactly(new CallReport.Mover(alice, false));
    }

    /**
     * Joins a participant without a socket. The participant's connection is negotiated and has a handover. Consumes all
     * commands that the node has got so far.
     */
    private ParticipantSid joinsAndIsMovable(String identity) {
        ParticipantSid sid = fixture.joins(identity);
        fixture.happens(new MediaEvent.LocalDescription(
                transport(sid, identity), new Description(Description.Type.ANSWER, 1, "v=0\r\n")));
        fixture.happens(new MediaEvent.HandoverChanged(transport(sid, identity), HANDOVER));
        return sid;
    }

    private void moves(ParticipantSid participant, String connectionId) {
        fixture.nodes.add(OTHER_NODE, fixture.otherNode.getRef());
        ParticipantMoved moved = new ParticipantMoved(participant, new Placement(OTHER_NODE, connectionId), START);
        fixture.happensAndEvolves(moved);
    }
}
