package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.OTHER_NODE;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;
import org.rotunda.room.testkit.RoomSteps;

/**
 * Tests that a defect in the work for one member ends only this member and not the call. In most tests Bob is the only
 * member on a second media node, and every delivery to that node throws an exception.
 */
class MemberFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    private final ParticipantSid alice = fixture.joins("alice");
    private final ParticipantSid bob = fixture.joins("bob");
    private final ParticipantSid carol = fixture.joins("carol");

    private void bobMoves() {
        fixture.nodes.add(OTHER_NODE, fixture.otherNode.getRef());
        fixture.happensAndEvolves(new ParticipantMoved(bob, new Placement(OTHER_NODE, "bob"), START));
    }

    private void bobMovedAndHisNodeFails() {
        bobMoves();
        delivered(fixture.otherNode, DesiredTransport.class);
        fixture.nodes.failAtDelivery(OTHER_NODE);
    }

    /**
     * Checks that Bob must leave because of a defect in this place, and that the call of the other members goes on.
     */
    private void assertOnlyBobEnds(FaultPlace place) {
        assertThat(fixture.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(bob, Departure.FAULT));
        assertThat(fixture.statistics.memberFaults(place)).isPositive();
        assertThat(fixture.asked(CallReport.MemberEnded.class).participant())
                .as("a fault of the next evolution, too, is Bob's")
                .isEqualTo(bob);
    }

    private void alicePublishes() {
        fixture.steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();
        DesiredTransport desired = delivered(fixture.node, DesiredTransport.class);
        while (!desired.transport().equals(transport(carol, "carol"))
                || desired.subscriptions().isEmpty()) {
            desired = delivered(fixture.node, DesiredTransport.class);
        }
        assertThat(desired.subscriptions())
                .singleElement()
                .extracting(DesiredTransport.Subscription::source)
                .isEqualTo(transport(alice, "alice"));
    }

    @Test
    void faultInTheStateOfAMember() {
        fixture.nodes.failAtDelivery(OTHER_NODE);
        bobMoves();
        alicePublishes();

        assertOnlyBobEnds(FaultPlace.STATE);
    }

    @Test
    void faultInACommandOfAMember() {
        bobMovedAndHisNodeFails();
        fixture.conductor.tell(new ConductorCommand.RemoteDescriptions(bob, List.of(offer("bob"))));
        alicePublishes();

        assertOnlyBobEnds(FaultPlace.COMMAND);
    }

    @Test
    void faultInTheRepeatsOfAMember() {
        bobMovedAndHisNodeFails();
        fixture.time.timePasses(fixture.settings.desiredResend());
        assertThat(fixture.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(bob, Departure.FAULT));
        alicePublishes();

        assertThat(fixture.statistics.memberFaults(FaultPlace.TIMEOUT)).isEqualTo(1);
    }

    @Test
    void faultAtAnEventOfTheMediaNode() {
        bobMovedAndHisNodeFails();
        var unknown = new MediaEvent.CommandRefused(transport(bob, "bob"), 1, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
        fixture.says(OTHER_NODE, unknown);
        alicePublishes();

        assertOnlyBobEnds(FaultPlace.MEDIA);
    }

    @Test
    void memberWhoseEndFailsHearsTheReasonAllTheSame() {
        TestProbe<SessionNotice> socket = fixture.admit(bob);
        bobMovedAndHisNodeFails();
        fixture.happensAndEvolves(new ParticipantDisconnected(bob, Departure.FAULT, START));
        alicePublishes();

        SessionNotice.Ended ended = null;
        while (ended == null) {
            if (socket.receiveMessage(PATIENCE) instanceof SessionNotice.Ended end) {
                ended = end;
            }
        }
        assertThat(ended.error()).isEqualTo(RoomError.MEDIA_CONNECTION_FAILED);
        assertThat(fixture.statistics.memberFaults(FaultPlace.END)).isEqualTo(1);
    }

    /**
     * Tests a client whose descriptions end every transport that it gets. Such a client must not get new connections
     * for ever.
     */
    @Test
    void memberWhoseConnectionsAreClosedAgainAndAgainEnds() {
        fixture.admit(bob);
        var closed = new MediaEvent.StateChanged(transport(bob, "bob"), MediaEvent.State.CLOSED);
        for (int i = 0; i < Member.CLOSED_MAX; i++) {
            fixture.says(RoomSteps.NODE, closed);
            fixture.asked(CallReport.RenewConnection.class);
        }
        fixture.clock.advance(Member.CLOSED_WITHIN);
        fixture.says(RoomSteps.NODE, closed);
        fixture.asked(CallReport.RenewConnection.class);
        for (int i = 1; i < Member.CLOSED_MAX; i++) {
            fixture.says(RoomSteps.NODE, closed);
            fixture.asked(CallReport.RenewConnection.class);
        }
        fixture.says(RoomSteps.NODE, closed);

        assertThat(fixture.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(bob, Departure.FAULT));
        assertThat(fixture.statistics.memberFaults(FaultPlace.TRANSPORT)).isEqualTo(1);
    }
}
