package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSteps.NODE;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;

/** Checks that clients get answers to their descriptions, although messages are lost or the media node is silent. */
class PendingDescriptionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_WHILE = Duration.ofMillis(50);
    private static final Description OFFER = offer("alice").description();

    @AutoClose
    private final ConductorFixture room = ConductorFixture.ofCreatedRoom();

    @Test
    void handsTheFirstOfferToANodeThatFellSilentAfterTheTransportWasOpened() {
        ParticipantSid alice = room.joins("alice");
        delivered(room.node, MediaCommand.OpenTransport.class);
        delivered(room.node, DesiredTransport.class);
        room.nodes.lose(NODE);
        room.admit(alice);
        isNotRenewed();

        nodeIsBack();

        assertThat(delivered(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        isNotRenewed();
    }

    @Test
    void opensTheTransportWithItsOfferAtANodeThatWasSilentDuringTheJoin() {
        room.nodes.lose(NODE);
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        isNotRenewed();

        nodeIsBack();

        assertThat(delivered(room.node, MediaCommand.OpenTransport.class).transport())
                .isEqualTo(transport(alice, "alice"));
        assertThat(delivered(room.node)).isInstanceOf(DesiredTransport.class);
        assertThat(delivered(room.node))
                .isEqualTo(new MediaCommand.RemoteDescription(transport(alice, "alice"), 1, OFFER));
        isNotRenewed();
    }

    @Test
    void opensANewTransportAgainThatTheRouterHasNotHeardOf() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        delivered(room.node, MediaCommand.RemoteDescription.class);

        room.says(
                NODE,
                new MediaEvent.CommandRefused(transport(alice, "alice"), 1, MediaEvent.Refusal.UNKNOWN_TRANSPORT));

        assertThat(delivered(room.node)).isInstanceOf(MediaCommand.OpenTransport.class);
        assertThat(delivered(room.node)).isInstanceOf(DesiredTransport.class);
        assertThat(delivered(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        isNotRenewed();
    }

    @Test
    void repeatsAnOfferUntilItIsAnswered() {
        ParticipantSid alice = joinsAndIsApplied();

        room.time.timePasses(room.settings.desiredResend());
        assertThat(delivered(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        room.says(NODE, answer(alice, 1));
        room.conductor.tell(new ConductorCommand.RemoteDescriptions(alice, List.of(offer("alice"))));
        // When this command arrives, the conductor has handled the router's answer.
        delivered(room.node, MediaCommand.RemoteDescription.class);
        room.time.timePasses(room.settings.desiredResend().multipliedBy(3));

        room.node.expectNoMessage(A_WHILE);
    }

    @Test
    void stopsRepeatingAnOfferAfterALimit() {
        joinsAndIsApplied();
        for (int i = 0; i < room.settings.desiredResendsMax(); i++) {
            room.time.timePasses(room.settings.desiredResend());
            delivered(room.node, MediaCommand.RemoteDescription.class);
        }

        room.time.timePasses(room.settings.desiredResend().multipliedBy(3));

        room.node.expectNoMessage(A_WHILE);
    }

    @Test
    void handsAnAnswerToANodeThatIsBack() {
        ParticipantSid alice = joinsAndIsApplied();
        room.says(NODE, answer(alice, 1));
        room.says(
                NODE,
                new MediaEvent.LocalDescription(
                        transport(alice, "alice"), new Description(Description.Type.OFFER, 2, "v=0\r\n")));
        ConnectionDescription answer =
                new ConnectionDescription("alice", new Description(Description.Type.ANSWER, 2, "v=0\r\n"));
        room.nodes.lose(NODE);
        room.conductor.tell(new ConductorCommand.RemoteDescriptions(alice, List.of(answer)));
        isNotRenewed();

        nodeIsBack();

        assertThat(delivered(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(answer.description());
    }

    @Test
    void asksAgainForAConnectionWhenTheEntityFoundNoNodeForIt() {
        ParticipantSid alice = joinsAndIsApplied();
        room.says(NODE, answer(alice, 1));
        room.says(NODE, new MediaEvent.AnswerOverdue(transport(alice, "alice"), 2));
        CallReport.RenewConnection renewal = room.asked(CallReport.RenewConnection.class);

        // The entity does not answer the request, as when it has found no media node. Then the media nodes change.
        mediaNodesMove();

        assertThat(room.asked(CallReport.RenewConnection.class)).isEqualTo(renewal);
        room.happensAndEvolves(new ParticipantMoved(alice, new Placement(NODE, "fresh"), START));
        delivered(room.node, MediaCommand.OpenTransport.class);
        mediaNodesMove();
        isNotRenewed();
    }

    private ParticipantSid joinsAndIsApplied() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        room.says(NODE, new MediaEvent.DesiredApplied(transport(alice, "alice"), 1, 1));
        delivered(room.node, MediaCommand.RemoteDescription.class);
        return alice;
    }

    private static MediaEvent answer(ParticipantSid participant, long revision) {
        return new MediaEvent.LocalDescription(
                transport(participant, "alice"), new Description(Description.Type.ANSWER, revision, "v=0\r\n"));
    }

    private void nodeIsBack() {
        room.nodes.add(NODE, room.node.getRef());
        mediaNodesMove();
    }

    private void mediaNodesMove() {
        room.conductor.tell(new ConductorCommand.MediaNodesMoved(room.nodes.takeChanges()));
    }

    /**
     * Waits until the conductor has handled everything so far, and checks that it does not ask for a new connection.
     */
    private void isNotRenewed() {
        var fence = room.actors.<StatusReply<Done>>createTestProbe().getRef();
        room.conductor.tell(new ConductorCommand.MoveTransports(new RoomCommand.MoveTransports(NODE, fence)));
        room.entity.fishForMessage(PATIENCE, asked -> {
            assertThat(asked).isNotInstanceOf(CallReport.RenewConnection.class);
            return asked instanceof CallReport.Move move && move.replyTo() != null
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore();
        });
    }
}
