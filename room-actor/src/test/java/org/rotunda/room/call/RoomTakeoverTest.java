package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.OTHER_NODE;
import static org.rotunda.room.call.ConductorFixture.delivered;
import static org.rotunda.room.call.ConductorFixture.told;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.HANDOVER;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSteps.NODE;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
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
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.Departure;

/** Tests a conductor that takes over a call from an owner of an earlier epoch. */
class RoomTakeoverTest {
    private static final Duration A_WHILE = Duration.ofMillis(50);
    private static final Description ANSWER = new Description(Description.Type.ANSWER, 3, "v=0\r\n");

    @AutoClose
    private final ConductorFixture room = new ConductorFixture();

    @Test
    void asksForTheTransportOfEveryMemberAndEndsAllOthers() {
        room.nodes.add(OTHER_NODE, room.otherNode.getRef());
        room.mediaNodesChange();
        ParticipantSid alice = room.steps.joins("alice", START);
        ParticipantSid bob = room.steps.joins("bob", START);
        room.isTakenOver();

        assertThat(told(room.node)).isInstanceOfSatisfying(MediaNode.Retain.class, retain -> {
            assertThat(retain.roomSid()).isEqualTo(ROOM.value());
            assertThat(retain.epoch()).isEqualTo(2);
            assertThat(retain.keep()).containsExactlyInAnyOrder(transport(alice, "alice"), transport(bob, "bob"));
        });
        for (ParticipantSid each : List.of(alice, bob)) {
            assertThat(delivered(room.node)).isInstanceOfSatisfying(MediaCommand.ReportTransport.class, report -> {
                assertThat(report.transport().participantSid()).isEqualTo(each.value());
                assertThat(report.epoch()).isEqualTo(2);
            });
        }
        assertThat(delivered(room.node)).isInstanceOfSatisfying(DesiredTransport.class, desired -> {
            assertThat(desired.epoch()).isEqualTo(2);
            assertThat(desired.transport()).isEqualTo(transport(alice, "alice"));
        });
        assertThat(delivered(room.node)).isInstanceOf(DesiredTransport.class);
        assertThat(told(room.otherNode))
                .isInstanceOfSatisfying(
                        MediaNode.Retain.class,
                        retain -> assertThat(retain.keep()).isEmpty());
    }

    @Test
    void learnsItsTransportsAgainFromTheRouter() {
        ParticipantSid alice = takesOverAlice();
        reports(alice, ANSWER);

        assertThat(room.resume(alice, room.actors.createTestProbe()).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("alice", new ConnectionDescription("alice", ANSWER)));
        loses(NODE);
        assertThat(room.asked(CallReport.Move.class).movers()).containsExactly(new CallReport.Mover(alice, true));
    }

    @Test
    void tellsAClientThatIsThereAlreadyWhatItMayHaveMissed() {
        ParticipantSid alice = takesOverAlice();
        TestProbe<SessionNotice> socket = room.actors.createTestProbe();
        assertThat(room.resume(alice, socket).snapshot().connections())
                .as("listed, or the client would close it")
                .containsExactly(new SessionNotice.Connection("alice", null));

        reports(alice, ANSWER);

        socket.expectMessage(new SessionNotice.Descriptions(List.of(new ConnectionDescription("alice", ANSWER))));
    }

    @Test
    void asksAgainUntilTheRouterReports() {
        ParticipantSid alice = takesOverAlice();
        delivered(room.node, MediaCommand.ReportTransport.class);
        room.time.timePasses(room.settings.desiredResend());
        delivered(room.node, MediaCommand.ReportTransport.class);

        reports(alice, ANSWER);
        room.says(NODE, new MediaEvent.DesiredApplied(transport(alice, "alice"), 2, 1));
        // This call returns after the conductor has handled the report.
        room.resume(alice, room.actors.createTestProbe());
        delivered(room.node, DesiredTransport.class);
        room.time.timePasses(room.settings.desiredResend().multipliedBy(3));
        room.node.expectNoMessage(A_WHILE);
    }

    @Test
    void asksAgainAlthoughTheStateChangedMeanwhile() {
        ParticipantSid alice = takesOverAlice();
        delivered(room.node, MediaCommand.ReportTransport.class); // This question gets lost.

        room.says(NODE, new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.DISCONNECTED));
        room.says(NODE, new MediaEvent.DesiredApplied(transport(alice, "alice"), 2, 1));
        room.resume(alice, room.actors.createTestProbe()); // By now the conductor has handled both events.
        room.time.timePasses(room.settings.desiredResend());

        delivered(room.node, MediaCommand.ReportTransport.class);
    }

    @Test
    void stopsAskingAfterALimit() {
        takesOverAlice();
        for (int i = 0; i < room.settings.desiredResendsMax(); i++) {
            delivered(room.node, MediaCommand.ReportTransport.class);
            room.time.timePasses(room.settings.desiredResend());
        }
        delivered(room.node, MediaCommand.ReportTransport.class);
        delivered(room.node, DesiredTransport.class);
        room.time.timePasses(room.settings.desiredResend().multipliedBy(3));
        room.node.expectNoMessage(A_WHILE);
    }

    @Test
    void givesAnotherConnectionForOneThatNoRouterHas() {
        ParticipantSid alice = takesOverAlice();
        room.resume(alice, room.actors.createTestProbe());
        refuses(alice, MediaEvent.Refusal.UNKNOWN_TRANSPORT);

        assertThat(room.asked(CallReport.RenewConnection.class))
                .isEqualTo(new CallReport.RenewConnection(alice, "alice"));
    }

    @Test
    void givesAnotherConnectionOnlyOnceTheClientHasASocket() {
        ParticipantSid alice = takesOverAlice();
        refuses(alice, MediaEvent.Refusal.UNKNOWN_TRANSPORT);
        room.entity.expectNoMessage(A_WHILE);

        room.resume(alice, room.actors.createTestProbe());

        assertThat(room.asked(CallReport.RenewConnection.class))
                .isEqualTo(new CallReport.RenewConnection(alice, "alice"));
    }

    @Test
    void doesNotTakeANodeForLostThatItHasNotFoundYet() {
        ParticipantSid alice = room.steps.joins("alice", START);
        room.happensInSecret(alice, new Placement("media-0", "alice"));
        room.isTakenOver();
        room.mediaNodesChange();
        room.resume(alice, room.actors.createTestProbe());
        room.entity.expectNoMessage(A_WHILE);

        room.nodes.add("media-0", room.otherNode.getRef());
        room.mediaNodesChange();

        assertThat(told(room.otherNode)).isInstanceOf(MediaNode.Retain.class);
        assertThat(delivered(room.otherNode)).isInstanceOf(MediaCommand.ReportTransport.class);
        room.time.timePasses(RoomConductor.MEDIA_NODES_KNOWN_AFTER);
        room.entity.expectNoMessage(A_WHILE);
    }

    @Test
    void leavesANodeThatIsNotThereAfterAWhile() {
        ParticipantSid alice = room.steps.joins("alice", START);
        room.happensInSecret(alice, new Placement("media-0", "alice"));
        room.isTakenOver();
        room.resume(alice, room.actors.createTestProbe());

        room.time.timePasses(RoomConductor.MEDIA_NODES_KNOWN_AFTER);

        assertThat(room.asked(CallReport.Move.class))
                .isEqualTo(new CallReport.Move("media-0", Set.of(), List.of(new CallReport.Mover(alice, false)), null));
    }

    @Test
    void waitsASessionTimeoutForEverybody() {
        ParticipantSid alice = takesOverAlice();

        room.time.timePasses(room.settings.sessionTimeout());

        assertThat(room.asked(CallReport.MemberEnded.class))
                .isEqualTo(new CallReport.MemberEnded(alice, Departure.SESSION_TIMEOUT));
    }

    @Test
    void fallsSilentWhenAnotherOwnerHasSpoken() {
        ParticipantSid alice = takesOverAlice();
        TestProbe<SessionNotice> socket = room.actors.createTestProbe();
        room.resume(alice, socket);
        delivered(room.node, DesiredTransport.class);

        refuses(alice, MediaEvent.Refusal.STALE_EPOCH);

        socket.expectMessage(new SessionNotice.Moved());
        room.asked(CallReport.Replaced.class);
        room.joins("bob");
        room.time.timePasses(room.settings.desiredResend());
        room.node.expectNoMessage(A_WHILE);
        socket.expectNoMessage(A_WHILE);
    }

    @Test
    void isNotReplacedByItself() {
        ParticipantSid alice = takesOverAlice();
        room.isTakenOver(); // Only the entity is restarted; the conductor goes on.
        TestProbe<SessionNotice> socket = room.actors.createTestProbe();
        room.resume(alice, socket);

        refuses(alice, MediaEvent.Refusal.STALE_EPOCH); // The refused command belongs to the previous epoch.

        socket.expectNoMessage(A_WHILE);
    }

    private ParticipantSid takesOverAlice() {
        ParticipantSid alice = room.steps.joins("alice", START);
        room.isTakenOver();
        return alice;
    }

    private void reports(ParticipantSid participant, Description latest) {
        var id = transport(participant, "alice");
        room.says(NODE, new MediaEvent.HandoverChanged(id, HANDOVER));
        room.says(NODE, new MediaEvent.LocalDescription(id, latest));
        room.says(NODE, new MediaEvent.StateChanged(id, MediaEvent.State.CONNECTED, true));
    }

    private void refuses(ParticipantSid participant, MediaEvent.Refusal refusal) {
        room.says(NODE, new MediaEvent.CommandRefused(transport(participant, "alice"), 2, refusal));
    }

    private void loses(String mediaNode) {
        room.nodes.lose(mediaNode);
        room.mediaNodesChange();
    }
}
