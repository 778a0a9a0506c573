package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.call.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomHosted;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

class RoomConductorTest {
    @AutoClose
    private final ConductorFixture fixture = ConductorFixture.ofCreatedRoom();

    private final ActorTestKit actors = fixture.actors;
    private final ManualTime time = fixture.time;
    private final TestProbe<RoomCommand> entity = fixture.entity;
    private final TestProbe<MediaNode.Command> node = fixture.node;
    private final RoomStatistics statistics = fixture.statistics;
    private final RoomSettings settings = fixture.settings;
    private final RoomSteps steps = fixture.steps;
    private final ActorRef<ConductorCommand> conductor = fixture.conductor;

    @Test
    void opensATransportAndGivesItItsStateBeforeTheOffer() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, actors.createTestProbe());

        assertThat(delivered()).isInstanceOf(MediaCommand.OpenTransport.class);
        assertThat(delivered()).isInstanceOf(DesiredTransport.class);
        assertThat(delivered()).isInstanceOfSatisfying(MediaCommand.RemoteDescription.class, remote -> {
            assertThat(remote.transport()).isEqualTo(transport(alice, "alice"));
            assertThat(remote.epoch()).isEqualTo(1);
        });
        assertThat(statistics.participants()).isEqualTo(1);
    }

    @Test
    void subscribesTheOthersToANewTrack() {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        skipDelivered(4);
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();

        DesiredTransport alices = (DesiredTransport) delivered();
        DesiredTransport bobs = (DesiredTransport) delivered();

        assertThat(alices.publications())
                .containsExactly(new DesiredTransport.Publication(cam.value(), "cam", TrackKind.VIDEO));
        assertThat(alices.subscriptions()).isEmpty();
        assertThat(bobs.transport()).isEqualTo(transport(bob, "bob"));
        assertThat(bobs.version()).isEqualTo(2);
        assertThat(bobs.subscriptions()).singleElement().satisfies(subscription -> {
            assertThat(subscription.trackSid()).isEqualTo(cam.value());
            assertThat(subscription.source()).isEqualTo(transport(alice, "alice"));
            assertThat(subscription.layers()).isEqualTo(LayerLimit.NONE);
        });
    }

    @Test
    void resendsAStateUntilItIsAcknowledged() {
        ParticipantSid alice = fixture.joins("alice");
        skipDelivered(1);
        DesiredTransport desired = (DesiredTransport) delivered();
        long commandsBefore = statistics.mediaCommands();

        time.timePasses(settings.desiredResend());
        assertThat(delivered()).isEqualTo(desired);
        fixture.happens(new MediaEvent.DesiredApplied(transport(alice, "alice"), desired.epoch(), desired.version()));
        ConnectionDescription answer =
                new ConnectionDescription("alice", new Description(Description.Type.ANSWER, 1, "v=0\r\n"));
        conductor.tell(new ConductorCommand.RemoteDescriptions(alice, List.of(answer)));
        assertThat(delivered())
                .as("by now the conductor has handled the acknowledgement")
                .isInstanceOf(MediaCommand.RemoteDescription.class);
        time.timePasses(settings.desiredResend().multipliedBy(3));

        node.expectNoMessage(Duration.ofMillis(50));
        assertThat(statistics.desiredResent()).isEqualTo(1);
        assertThat(statistics.mediaNotices()).as("the acknowledgement").isEqualTo(1);
        assertThat(statistics.mediaCommands() - commandsBefore)
                .as("the state once more, and the description of the client")
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void stopsResendingAStateAfterALimit() {
        fixture.joins("alice");
        skipDelivered(2);
        for (int i = 0; i < settings.desiredResendsMax(); i++) {
            time.timePasses(settings.desiredResend());
            skipDelivered(1);
        }

        time.timePasses(settings.desiredResend().multipliedBy(3));

        node.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void repeatsItsWholeStateUnderANewEpoch() {
        fixture.joins("alice");
        skipDelivered(2);

        steps.happens(new RoomHosted(2, START));
        fixture.evolve();

        assertThat(delivered()).isInstanceOfSatisfying(DesiredTransport.class, desired -> {
            assertThat(desired.epoch()).isEqualTo(2);
            assertThat(desired.version()).isEqualTo(2);
        });
    }

    @Test
    void passesDescriptionsOnAndRemembersTheLast() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        fixture.admit(alice, socket);
        Description answer = new Description(Description.Type.ANSWER, 1, "v=0\r\n");

        fixture.happens(new MediaEvent.LocalDescription(transport(alice, "alice"), answer));

        ConnectionDescription expected = new ConnectionDescription("alice", answer);
        socket.expectMessage(new SessionNotice.Descriptions(List.of(expected)));
        assertThat(fixture.resume(alice, fresh).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("alice", expected));
        socket.expectMessage(new SessionNotice.Superseded());
    }

    @Test
    void endsTheStayOfAClientItCannotNegotiateWith() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, actors.createTestProbe());

        fixture.happens(
                new MediaEvent.NegotiationFailed(transport(alice, "alice"), MediaEvent.Fault.NO_SUPPORTED_CODEC));

        entity.expectMessage(new CallReport.MemberEnded(alice, Departure.NO_SUPPORTED_CODEC));
    }

    @Test
    void tellsTheEntityOnlyOfTheCurrentSocket() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> old = actors.createTestProbe();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        fixture.admit(alice, old);
        fixture.resume(alice, fresh);

        conductor.tell(new ConductorCommand.SocketLost(alice, old.getRef()));
        fresh.stop(); // The conductor watches the socket's actor, so it notices the stop.

        entity.expectMessage(new CallReport.SocketLost(alice));
        entity.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void waitsASessionTimeoutForAParticipantWithoutASocket() {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        fixture.admit(bob, actors.createTestProbe());
        steps.happens(new RoomHosted(2, START));
        fixture.evolve();
        skipDelivered(7);

        time.timePasses(settings.sessionTimeout());

        entity.expectMessage(new CallReport.MemberEnded(alice, Departure.SESSION_TIMEOUT));
        entity.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void closesTheTransportOfAParticipantWhoLeaves() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        fixture.admit(alice, socket);
        skipDelivered(3);
        ParticipantDisconnected removed = new ParticipantDisconnected(alice, Departure.REMOVED, START);
        steps.happens(removed);
        fixture.evolve(removed);

        socket.expectMessage(new SessionNotice.Ended(null));
        assertThat(delivered()).isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, true));
        actors.<Object>createTestProbe()
                .awaitAssert(
                        () -> { // The number of participants changes only after the CloseTransport was sent.
                            assertThat(statistics.participants()).isZero();
                            return true;
                        });
    }

    @Test
    void limitsLayersOfOneSubscription() {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();
        skipDelivered(6);
        LayerLimit lowest = new LayerLimit(0, 2);

        assertThat(limit(bob, cam, lowest).isSuccess()).isTrue();
        assertThat(limit(alice, cam, lowest).isError()).isTrue();

        assertThat(delivered())
                .isInstanceOfSatisfying(
                        DesiredTransport.class,
                        desired -> assertThat(desired.subscriptions().get(0).layers())
                                .isEqualTo(lowest));
    }

    @Test
    void tellsSessionsOnWhichNodeItRuns() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> socket = actors.createTestProbe();

        assertThat(fixture.admit(alice, socket).node()).isEqualTo(RoomSamples.ROOM_NODE);
        assertThat(fixture.resume(alice, socket).node()).isEqualTo(RoomSamples.ROOM_NODE);
    }

    @Test
    void tellsSessionsToFollowWhenItGoesAway() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> socket = actors.createTestProbe();
        fixture.admit(alice, socket);

        actors.stop(conductor);

        socket.expectMessage(new SessionNotice.Moved());
    }

    private StatusReply<Done> limit(ParticipantSid subscriber, TrackSid track, LayerLimit layers) {
        TestProbe<StatusReply<Done>> reply = actors.createTestProbe();
        conductor.tell(new ConductorCommand.LimitLayers(
                new RoomCommand.LimitLayers(subscriber, track, layers, reply.getRef())));
        return reply.receiveMessage();
    }

    private MediaCommand delivered() {
        return node.expectMessageClass(MediaNode.Deliver.class).command();
    }

    private void skipDelivered(int count) {
        for (int i = 0; i < count; i++) {
            delivered();
        }
    }
}
