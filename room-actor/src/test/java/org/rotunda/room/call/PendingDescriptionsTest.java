package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.carried;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSteps.NODE;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

/** What clients say while their media node is not heard, or what is lost on its way: nobody stays without an answer. */
class PendingDescriptionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_WHILE = Duration.ofMillis(50);
    private static final Description OFFER = offer("alice").description();

    private final ConductorFixture room = new ConductorFixture();

    @BeforeEach
    void isCreated() {
        room.isCreated();
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @Test
    void handsTheFirstOfferToANodeThatFellSilentAfterTheTransportWasOpened() {
        ParticipantSid alice = room.joins("alice");
        carried(room.node, MediaCommand.OpenTransport.class);
        carried(room.node, DesiredTransport.class);
        room.nodes.lose(NODE);
        room.admit(alice);
        isNotRenewed();

        isBack();

        assertThat(carried(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        isNotRenewed();
    }

    @Test
    void opensTheTransportWithItsOfferAtANodeThatWasSilentDuringTheJoin() {
        room.nodes.lose(NODE);
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        isNotRenewed();

        isBack();

        assertThat(carried(room.node, MediaCommand.OpenTransport.class).transport())
                .isEqualTo(transport(alice, "alice"));
        assertThat(carried(room.node)).isInstanceOf(DesiredTransport.class);
        assertThat(carried(room.node))
                .isEqualTo(new MediaCommand.RemoteDescription(transport(alice, "alice"), 1, OFFER));
        isNotRenewed();
    }

    @Test
    void opensANewTransportAgainThatTheRouterHasNotHeardOf() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        carried(room.node, MediaCommand.RemoteDescription.class);

        room.says(
                NODE,
                new MediaEvent.CommandRefused(transport(alice, "alice"), 1, MediaEvent.Refusal.UNKNOWN_TRANSPORT));

        assertThat(carried(room.node)).isInstanceOf(MediaCommand.OpenTransport.class);
        assertThat(carried(room.node)).isInstanceOf(DesiredTransport.class);
        assertThat(carried(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        isNotRenewed();
    }

    @Test
    void repeatsAnOfferUntilItIsAnswered() {
        ParticipantSid alice = joinsAndIsApplied();

        room.time.timePasses(room.settings.desiredResend());
        assertThat(carried(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(OFFER);
        room.says(NODE, answer(alice, 1));
        room.conductor.tell(
                new ConductorCommand.RemoteDescriptions(alice, List.of(offer("alice")))); // It has heard the above.
        carried(room.node, MediaCommand.RemoteDescription.class);
        room.time.timePasses(room.settings.desiredResend().multipliedBy(3));

        room.node.expectNoMessage(A_WHILE);
    }

    @Test
    void repeatsAnOfferOnlySoManyTimes() {
        joinsAndIsApplied();
        for (int i = 0; i < room.settings.desiredResendsMax(); i++) {
            room.time.timePasses(room.settings.desiredResend());
            carried(room.node, MediaCommand.RemoteDescription.class);
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

        isBack();

        assertThat(carried(room.node, MediaCommand.RemoteDescription.class).description())
                .isEqualTo(answer.description());
    }

    @Test
    void asksAgainForTheConnectionThatTheEntityHadNoNodeFor() {
        ParticipantSid alice = joinsAndIsApplied();
        room.says(NODE, answer(alice, 1));
        room.says(NODE, new MediaEvent.AnswerOverdue(transport(alice, "alice"), 2));
        CallReport.RenewConnection renewal = room.asked(CallReport.RenewConnection.class);

        nodesMove(); // No node when the entity looked, and there again when the conductor does.

        assertThat(room.asked(CallReport.RenewConnection.class)).isEqualTo(renewal);
        room.happensAndEvolves(new ParticipantMoved(alice, new Placement(NODE, "fresh"), START));
        carried(room.node, MediaCommand.OpenTransport.class);
        nodesMove();
        isNotRenewed();
    }

    private ParticipantSid joinsAndIsApplied() {
        ParticipantSid alice = room.joins("alice");
        room.admit(alice);
        room.says(NODE, new MediaEvent.DesiredApplied(transport(alice, "alice"), 1, 1));
        carried(room.node, MediaCommand.RemoteDescription.class);
        return alice;
    }

    private static MediaEvent answer(ParticipantSid participant, long revision) {
        return new MediaEvent.LocalDescription(
                transport(participant, "alice"), new Description(Description.Type.ANSWER, revision, "v=0\r\n"));
    }

    private void isBack() {
        room.nodes.add(NODE, room.node.getRef());
        nodesMove();
    }

    private void nodesMove() {
        room.conductor.tell(new ConductorCommand.MediaNodesMoved());
    }

    /** The conductor has heard all that was said so far, and asks for no other connection because of it. */
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
