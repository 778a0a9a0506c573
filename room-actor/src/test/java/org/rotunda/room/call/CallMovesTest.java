package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.OTHER_NODE;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.told;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.HANDOVER;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSteps.NODE;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;

/** Tests calls whose media nodes go, come back, refuse transports, or forget them. */
class CallMovesTest {
    private static final Duration A_WHILE = Duration.ofMillis(50);

    @AutoClose
    private final ConductorFixture room = ConductorFixture.ofCreatedRoom();

    @Test
    void endsTheStaleCopyOnANodeThatComesBack() {
        ParticipantSid alice = joinsAndIsMovable();
        room.nodes.lose(NODE);
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        room.mediaNodesChange();
        room.asked(CallReport.Move.class);
        moves(alice, OTHER_NODE, "alice");
        delivered(room.otherNode, MediaCommand.OpenTransport.class);

        room.nodes.add(NODE, room.node.getRef());
        room.mediaNodesChange();

        assertThat(nextRetain().keep()).isEmpty();
    }

    @Test
    void goesOnWithTheTransportsThatStayedOnANodeThatComesBack() {
        ParticipantSid alice = joinsAndIsMovable();
        DesiredTransport desired = delivered(room.node, DesiredTransport.class);
        room.nodes.lose(NODE);
        room.mediaNodesChange();
        room.asked(CallReport.Move.class); // Alice stays, because there is no other node.

        room.nodes.add(NODE, room.node.getRef());
        room.mediaNodesChange();

        assertThat(nextRetain().keep()).containsExactly(transport(alice, "alice"));
        // The conductor asks for a report, because events of the router may have been lost while the node was away.
        assertThat(delivered(room.node)).isInstanceOf(MediaCommand.ReportTransport.class);
        assertThat(delivered(room.node)).isEqualTo(desired);
    }

    @Test
    void leavesADrainedNodeForTheNodeThatItNames() {
        ParticipantSid alice = joinsAndIsMovable();
        ActorRef<MediaNode.Notice> address = ((MediaNode.Deliver) told(room.node)).conductor();
        TestProbe<StatusReply<Done>> answer = room.actors.createTestProbe();
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());

        address.tell(new MediaNode.LeaveAsked(NODE, OTHER_NODE, answer.getRef()));

        assertThat(room.asked(CallReport.Move.class))
                .isEqualTo(new CallReport.Move(
                        NODE, Set.of(), List.of(new CallReport.Mover(alice, true)), OTHER_NODE, answer.getRef()));
        moves(alice, OTHER_NODE, "alice");
        assertThat(delivered(room.otherNode, MediaCommand.OpenTransport.class).handover())
                .isEqualTo(HANDOVER);
        assertThat(room.statistics.moved(MoveReason.NODE_DRAINED)).isEqualTo(1);
    }

    @Test
    void leavesANodeThatWasLostWhileSomebodyJoined() {
        room.nodes.lose(NODE);
        room.mediaNodesChange();
        ParticipantSid alice = room.joins("alice"); // Alice's placement still names the lost node.
        room.admit(alice);

        assertThat(room.asked(CallReport.Move.class).movers()).containsExactly(new CallReport.Mover(alice, false));
    }

    @Test
    void opensAMovedConnectionAgainThatTheNodeHasNotHeardOf() {
        ParticipantSid alice = joinsAndIsMovable();
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        moves(alice, OTHER_NODE, "alice");
        MediaCommand.OpenTransport lost = delivered(room.otherNode, MediaCommand.OpenTransport.class);
        DesiredTransport desired = delivered(room.otherNode, DesiredTransport.class);

        refuses(OTHER_NODE, alice, "alice", MediaEvent.Refusal.UNKNOWN_TRANSPORT);

        assertThat(delivered(room.otherNode)).isEqualTo(lost);
        assertThat(delivered(room.otherNode)).isEqualTo(desired);
        room.entity.expectNoMessage(A_WHILE);
    }

    @Test
    void givesAnotherConnectionForOneThatTheRouterHasForgotten() {
        ParticipantSid alice = joinsAndIsMovable();
        room.admit(alice);

        refuses(NODE, alice, "alice", MediaEvent.Refusal.UNKNOWN_TRANSPORT);

        assertThat(room.asked(CallReport.RenewConnection.class))
                .isEqualTo(new CallReport.RenewConnection(alice, "alice"));
    }

    @Test
    void movesEverybodyFromANodeThatIsFull() {
        ParticipantSid alice = joinsAndIsMovable();
        ParticipantSid bob = room.joins("bob");
        room.admit(bob);

        refuses(NODE, bob, "bob", MediaEvent.Refusal.NODE_FULL);

        assertThat(room.asked(CallReport.Move.class))
                .as("a room is forwarded within one node")
                .isEqualTo(new CallReport.Move(
                        NODE,
                        Set.of(NODE),
                        List.of(new CallReport.Mover(alice, true), new CallReport.Mover(bob, false)),
                        null));
    }

    @Test
    void stopsMovingAParticipantAfterALimitOfRefusals() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        for (int i = 0; i < CallMoves.REFUSALS_MAX; i++) {
            String at = room.steps.state().participants().get(0).placement().mediaNode();
            String connection =
                    room.steps.state().participants().get(0).placement().connectionId();
            refuses(at, alice, connection, MediaEvent.Refusal.DRAINING);
            assertThat(room.asked(CallReport.Move.class).avoided()).hasSize(i + 1);
            room.nodes.add("full-" + i, room.otherNode.getRef());
            moves(alice, "full-" + i, "fresh-" + i);
        }
        refuses("full-2", alice, "fresh-2", MediaEvent.Refusal.DRAINING);

        assertThat(room.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(alice, Departure.NO_MEDIA_NODE));
        refuses("full-2", alice, "fresh-2", MediaEvent.Refusal.DRAINING);
        room.entity.expectNoMessage(A_WHILE);
    }

    @Test
    void endsOnlyTheRefusedParticipantWhenNoOtherNodeIsLeft() {
        joinsAndIsMovable();
        ParticipantSid bob = room.joins("bob");
        room.admit(bob);
        refuses(NODE, bob, "bob", MediaEvent.Refusal.NODE_FULL);
        room.asked(CallReport.Move.class);

        room.conductor.tell(new ConductorCommand.NowhereToMove(NODE));

        assertThat(room.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(bob, Departure.NO_MEDIA_NODE));
        room.entity.expectNoMessage(A_WHILE);
    }

    @Test
    void allowsAFreshConnectionAgainToAClientThatHasAnsweredSince() {
        ParticipantSid alice = joinsAndIsMovable();
        room.admit(alice);
        room.says(NODE, new MediaEvent.AnswerOverdue(transport(alice, "alice"), 2));
        room.asked(CallReport.RenewConnection.class);
        moves(alice, NODE, "fresh");
        room.says(NODE, new MediaEvent.StateChanged(transport(alice, "fresh"), MediaEvent.State.CONNECTED));

        room.says(NODE, new MediaEvent.AnswerOverdue(transport(alice, "fresh"), 2));

        assertThat(room.asked(CallReport.RenewConnection.class))
                .isEqualTo(new CallReport.RenewConnection(alice, "fresh"));
    }

    @Test
    void repeatsAtTheNextNodeTheMessagesThatTheOldNodeCouldNotDeliver() {
        ParticipantSid alice = joinsAndIsMovable();
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        moves(alice, OTHER_NODE, "alice");
        room.says(OTHER_NODE, new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.CONNECTED));
        assertThat(delivered(room.node, MediaCommand.CloseTransport.class).notifyPeer())
                .isFalse();
        List<DataMessage> messages = List.of(new DataMessage("chat", false, new byte[] {1}));

        room.says(NODE, new MediaEvent.Unacknowledged(transport(alice, "alice"), messages));

        assertThat(delivered(room.otherNode, MediaCommand.RepeatMessages.class).messages())
                .isEqualTo(messages);
    }

    @Test
    void doesNotLetTheNextNodeWaitForOneThatIsLost() {
        ParticipantSid alice = joinsAndIsMovable();
        room.nodes.lose(NODE);
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        moves(alice, OTHER_NODE, "alice");

        assertThat(delivered(room.otherNode)).isInstanceOf(MediaCommand.OpenTransport.class);
        assertThat(delivered(room.otherNode))
                .isEqualTo(new MediaCommand.RepeatMessages(transport(alice, "alice"), 1, List.of()));
    }

    @Test
    void closesNothingAtTheOldNodeWhileSomebodyStillSendsDataThere() {
        ParticipantSid alice = joinsAndIsMovable();
        ParticipantSid bob = joinsAndIsMovable("bob");
        room.steps.publishes(bob, "chat", TrackKind.DATA);
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        moves(alice, OTHER_NODE, "alice");
        moves(bob, OTHER_NODE, "bob");
        room.says(OTHER_NODE, new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.CONNECTED));
        // This deadline is for a third media node, so the conductor must close no transport at the old node.
        room.conductor.tell(new ConductorCommand.LeaveDue("another"));
        nothingIsClosed();

        room.says(OTHER_NODE, new MediaEvent.StateChanged(transport(bob, "bob"), MediaEvent.State.CONNECTED));

        assertThat(delivered(room.node)).isInstanceOf(MediaCommand.CloseTransport.class);
        assertThat(delivered(room.node)).isInstanceOf(MediaCommand.CloseTransport.class);
    }

    @Test
    void doesNotWaitForEverForAClientThatDoesNotFollow() {
        ParticipantSid alice = joinsAndIsMovable();
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        moves(alice, OTHER_NODE, "alice");
        delivered(room.otherNode, MediaCommand.OpenTransport.class);
        nothingIsClosed();

        room.time.timePasses(CallTransports.FOLLOWED_WITHIN);

        delivered(room.node, MediaCommand.CloseTransport.class);
    }

    @Test
    void givesAnotherConnectionForOneThatTheRouterClosedByItself() {
        ParticipantSid alice = joinsAndIsMovable();
        room.says(NODE, new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.CLOSED));

        room.resume(alice, room.actors.createTestProbe());

        assertThat(room.asked(CallReport.RenewConnection.class))
                .isEqualTo(new CallReport.RenewConnection(alice, "alice"));
    }

    private ParticipantSid joinsAndIsMovable() {
        return joinsAndIsMovable("alice");
    }

    private ParticipantSid joinsAndIsMovable(String identity) {
        ParticipantSid participant = room.joins(identity);
        var id = transport(participant, identity);
        room.says(NODE, new MediaEvent.LocalDescription(id, new Description(Description.Type.ANSWER, 1, "v=0\r\n")));
        room.says(NODE, new MediaEvent.HandoverChanged(id, HANDOVER));
        return participant;
    }

    /** Reads all commands that the old node has got so far, and checks that they close no transport. */
    private void nothingIsClosed() {
        ParticipantSid last = room.joins("last");
        while (true) {
            MediaCommand command = delivered(room.node);
            assertThat(command).isNotInstanceOf(MediaCommand.CloseTransport.class);
            if (command instanceof MediaCommand.OpenTransport open
                    && open.transport().equals(transport(last, "last"))) {
                delivered(room.node, DesiredTransport.class);
                return;
            }
        }
    }

    private void moves(ParticipantSid participant, String mediaNode, String connectionId) {
        room.happensAndEvolves(new ParticipantMoved(participant, new Placement(mediaNode, connectionId), START));
    }

    private void refuses(String mediaNode, ParticipantSid participant, String connection, MediaEvent.Refusal refusal) {
        room.says(mediaNode, new MediaEvent.CommandRefused(transport(participant, connection), 1, refusal));
    }

    private MediaNode.Retain nextRetain() {
        while (true) {
            if (told(room.node) instanceof MediaNode.Retain retain) {
                return retain;
            }
        }
    }
}
