package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.ConductorFixture.HANDOVER;
import static org.rotunda.room.ConductorFixture.OTHER_NODE;
import static org.rotunda.room.ConductorFixture.transport;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.RoomEvent.ParticipantMoved;
import org.rotunda.room.RoomEvent.RoomHosted;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.participant.Departure;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.testkit.FakeMediaNodes;

class RoomConductorTest {
    private final ConductorFixture fixture = new ConductorFixture();
    private final ActorTestKit actors = fixture.actors;
    private final ManualTime time = fixture.time;
    private final TestProbe<RoomCommand> entity = fixture.entity;
    private final TestProbe<MediaNode.Command> node = fixture.node;
    private final TestProbe<MediaNode.Command> otherNode = fixture.otherNode;
    private final FakeMediaNodes nodes = fixture.nodes;
    private final RoomStatistics statistics = fixture.statistics;
    private final RoomSettings settings = fixture.settings;
    private final RoomSteps steps = fixture.steps;
    private final ActorRef<ConductorCommand> conductor = fixture.conductor;

    @BeforeEach
    void isCreated() {
        fixture.isCreated();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void opensATransportAndGivesItItsStateBeforeTheOffer() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, actors.createTestProbe());

        assertThat(carried()).isInstanceOf(MediaCommand.OpenTransport.class);
        assertThat(carried()).isInstanceOf(DesiredTransport.class);
        assertThat(carried()).isInstanceOfSatisfying(MediaCommand.RemoteDescription.class, remote -> {
            assertThat(remote.transport()).isEqualTo(transport(alice, "alice"));
            assertThat(remote.epoch()).isEqualTo(1);
        });
        assertThat(statistics.participants()).isEqualTo(1);
    }

    @Test
    void subscribesTheOthersToANewTrack() {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        skipCarried(4);
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);
        fixture.evolve();

        DesiredTransport alices = (DesiredTransport) carried();
        DesiredTransport bobs = (DesiredTransport) carried();

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
        skipCarried(1);
        DesiredTransport desired = (DesiredTransport) carried();

        time.timePasses(settings.desiredResend());
        assertThat(carried()).isEqualTo(desired);
        happens(new MediaEvent.DesiredApplied(transport(alice, "alice"), desired.epoch(), desired.version()));
        ConnectionDescription answer =
                new ConnectionDescription("alice", new Description(Description.Type.ANSWER, 1, "v=0\r\n"));
        conductor.tell(new ConductorCommand.Described(alice, List.of(answer))); // A fence: it has heard the above.
        assertThat(carried()).isInstanceOf(MediaCommand.RemoteDescription.class);
        time.timePasses(settings.desiredResend().multipliedBy(3));

        node.expectNoMessage(Duration.ofMillis(50));
        assertThat(statistics.desiredResent()).isEqualTo(1);
    }

    @Test
    void givesUpResendingSomeTime() {
        fixture.joins("alice");
        skipCarried(2);
        for (int i = 0; i < settings.desiredResendsMax(); i++) {
            time.timePasses(settings.desiredResend());
            skipCarried(1);
        }

        time.timePasses(settings.desiredResend().multipliedBy(3));

        node.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void repeatsItsWholeStateUnderANewEpoch() {
        fixture.joins("alice");
        skipCarried(2);

        steps.happens(new RoomHosted(2, START));
        fixture.evolve();

        assertThat(carried()).isInstanceOfSatisfying(DesiredTransport.class, desired -> {
            assertThat(desired.epoch()).isEqualTo(2);
            assertThat(desired.version()).isEqualTo(2);
        });
    }

    @Test
    void passesDescriptionsOnAndRemembersTheLast() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> session = actors.createTestProbe();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        fixture.admit(alice, session);
        Description answer = new Description(Description.Type.ANSWER, 1, "v=0\r\n");

        happens(new MediaEvent.LocalDescription(transport(alice, "alice"), answer));

        ConnectionDescription expected = new ConnectionDescription("alice", answer);
        session.expectMessage(new SessionNotice.Descriptions(List.of(expected)));
        assertThat(fixture.resume(alice, fresh).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("alice", expected));
        session.expectMessage(new SessionNotice.Superseded());
    }

    @Test
    void endsTheStayOfAClientItCannotNegotiateWith() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, actors.createTestProbe());

        happens(new MediaEvent.NegotiationFailed(transport(alice, "alice"), MediaEvent.Fault.NO_SUPPORTED_CODEC));

        entity.expectMessage(new RoomInternal.CallEnded(alice, Departure.NO_SUPPORTED_CODEC));
    }

    @Test
    void tellsTheEntityOnlyOfTheCurrentSocket() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> old = actors.createTestProbe();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        fixture.admit(alice, old);
        fixture.resume(alice, fresh);

        conductor.tell(new ConductorCommand.SocketLost(alice, old.getRef()));
        fresh.stop(); // As a dead session actor: the conductor watches.

        entity.expectMessage(new RoomInternal.SessionDetached(alice));
        entity.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void waitsASessionTimeoutForWhomItHasNotHeardOf() {
        ParticipantSid alice = fixture.joins("alice");
        ParticipantSid bob = fixture.joins("bob");
        fixture.admit(bob, actors.createTestProbe());
        steps.happens(new RoomHosted(2, START));
        fixture.evolve();
        skipCarried(7);

        time.timePasses(settings.sessionTimeout());

        entity.expectMessage(new RoomInternal.CallEnded(alice, Departure.SESSION_TIMEOUT));
        entity.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void closesTheTransportOfWhoLeaves() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> session = actors.createTestProbe();
        fixture.admit(alice, session);
        skipCarried(3);
        ParticipantDisconnected removed = new ParticipantDisconnected(alice, Departure.REMOVED, START);
        steps.happens(removed);
        fixture.evolve(removed);

        session.expectMessage(new SessionNotice.Ended(null));
        assertThat(carried()).isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, true));
        actors.<Object>createTestProbe()
                .awaitAssert(
                        () -> { // Counted after the transports are told.
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
        skipCarried(6);
        LayerLimit lowest = new LayerLimit(0, 2);

        assertThat(limit(bob, cam, lowest).isSuccess()).isTrue();
        assertThat(limit(alice, cam, lowest).isError()).isTrue();

        assertThat(carried())
                .isInstanceOfSatisfying(
                        DesiredTransport.class,
                        desired -> assertThat(desired.subscriptions().get(0).layers())
                                .isEqualTo(lowest));
    }

    @Test
    void movesALiveConnectionToAnotherNode() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");

        MediaNode.Carry opened = otherNode.expectMessageClass(MediaNode.Carry.class);
        assertThat(opened.command())
                .isEqualTo(new MediaCommand.OpenTransport(
                        transport(alice, "alice"), 1, Set.copyOf(properties().videoCodecs()), HANDOVER, false));
        assertThat(otherNode.expectMessageClass(MediaNode.Carry.class).command())
                .isInstanceOfSatisfying(DesiredTransport.class, desired -> {
                    assertThat(desired.transport()).isEqualTo(transport(alice, "alice"));
                    assertThat(desired.version()).isEqualTo(1);
                });
        assertThat(statistics.moved()).isEqualTo(1);
        node.expectNoMessage(Duration.ofMillis(50)); // It still takes what the client sends.

        opened.conductor()
                .tell(new MediaNode.Told(
                        OTHER_NODE,
                        new MediaEvent.StateChanged(transport(alice, "alice"), MediaEvent.State.CONNECTED)));

        assertThat(carried()).isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, false));
    }

    @Test
    void hearsOnlyTheNodeWhereAConnectionIsNow() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        TestProbe<SessionNotice> session = actors.createTestProbe();
        fixture.resume(alice, session);
        moves(alice, "alice");
        ActorRef<MediaNode.Told> address =
                otherNode.expectMessageClass(MediaNode.Carry.class).conductor();
        Description late = new Description(Description.Type.ANSWER, 4, "v=0\r\n");
        Description offer = new Description(Description.Type.OFFER, 5, "v=0\r\n");

        address.tell(
                new MediaNode.Told(RoomSteps.NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), late)));
        address.tell(new MediaNode.Told(OTHER_NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), offer)));

        session.expectMessage(new SessionNotice.Descriptions(List.of(new ConnectionDescription("alice", offer))));
    }

    @Test
    void givesTheOfferOfAMoveToAClientThatComesBack() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");
        Description offer = new Description(Description.Type.OFFER, 5, "v=0\r\n");
        otherNode
                .expectMessageClass(MediaNode.Carry.class)
                .conductor()
                .tell(new MediaNode.Told(
                        OTHER_NODE, new MediaEvent.LocalDescription(transport(alice, "alice"), offer)));

        assertThat(fixture.resume(alice, actors.createTestProbe()).snapshot().connections())
                .containsExactly(new SessionNotice.Connection("alice", new ConnectionDescription("alice", offer)));
    }

    @Test
    void endsBothEndsOfAMoveThatIsUnderWay() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        moves(alice, "alice");
        otherNode.expectMessageClass(MediaNode.Carry.class);
        otherNode.expectMessageClass(MediaNode.Carry.class);

        ParticipantDisconnected left = new ParticipantDisconnected(alice, Departure.LEFT, START);
        steps.happens(left);
        fixture.evolve(left);

        assertThat(carried()).isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, false));
        assertThat(otherNode.expectMessageClass(MediaNode.Carry.class).command())
                .isEqualTo(new MediaCommand.CloseTransport(transport(alice, "alice"), 1, true));
    }

    @Test
    void saysWhoOfALostNodeCanKeepTheConnection() {
        ParticipantSid alice = joinsAndIsMovable("alice");
        ParticipantSid bob = fixture.joins("bob");
        ParticipantSid carol = fixture.joins("carol");
        fixture.admit(carol, actors.createTestProbe());
        nodes.lose(RoomSteps.NODE);

        actors.system().eventStream().tell(new EventStream.Publish<>(new MediaNodesChanged()));

        RoomInternal.Move move =
                (RoomInternal.Move) entity.fishForMessage(Duration.ofSeconds(3), RoomConductorTest::untilMove)
                        .get(0);
        assertThat(move.from()).isEqualTo(RoomSteps.NODE);
        assertThat(move.movers())
                .as("bob has no socket to be told of another connection")
                .containsExactly(new RoomInternal.Mover(alice, true), new RoomInternal.Mover(carol, false))
                .noneMatch(mover -> mover.participant().equals(bob));
    }

    @Test
    void aFirstOfferThatWasOnlyAskedForCannotBeMoved() {
        ParticipantSid alice = fixture.joins("alice");
        fixture.admit(alice, actors.createTestProbe());
        happens(new MediaEvent.LocalDescription(
                transport(alice, "alice"), new Description(Description.Type.CREATE_OFFER, 1, "")));
        happens(new MediaEvent.HandoverChanged(transport(alice, "alice"), HANDOVER));

        conductor.tell(new ConductorCommand.MoveTransports(new RoomCommand.MoveTransports(
                RoomSteps.NODE, actors.<StatusReply<Done>>createTestProbe().getRef())));

        assertThat(entity.expectMessageClass(RoomInternal.Move.class).movers())
                .containsExactly(new RoomInternal.Mover(alice, false));
    }

    @Test
    void tellsSessionsToFollowWhenItGoesAway() {
        ParticipantSid alice = fixture.joins("alice");
        TestProbe<SessionNotice> session = actors.createTestProbe();
        fixture.admit(alice, session);

        actors.stop(conductor);

        session.expectMessage(new SessionNotice.Moved());
    }

    /** Negotiated, with what another node would need, and without a socket. Nothing carried so far is left unread. */
    private ParticipantSid joinsAndIsMovable(String identity) {
        ParticipantSid sid = fixture.joins(identity);
        happens(new MediaEvent.LocalDescription(
                transport(sid, identity), new Description(Description.Type.ANSWER, 1, "v=0\r\n")));
        happens(new MediaEvent.HandoverChanged(transport(sid, identity), HANDOVER));
        return sid;
    }

    private void moves(ParticipantSid participant, String connectionId) {
        nodes.add(OTHER_NODE, otherNode.getRef());
        ParticipantMoved moved = new ParticipantMoved(participant, new Placement(OTHER_NODE, connectionId), START);
        fixture.happensAndEvolves(moved);
    }

    private static FishingOutcome untilMove(RoomCommand command) {
        return command instanceof RoomInternal.Move ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
    }

    private StatusReply<Done> limit(ParticipantSid subscriber, TrackSid track, LayerLimit layers) {
        TestProbe<StatusReply<Done>> reply = actors.createTestProbe();
        conductor.tell(new ConductorCommand.LimitLayers(
                new RoomCommand.LimitLayers(subscriber, track, layers, reply.getRef())));
        return reply.receiveMessage();
    }

    private MediaCommand carried() {
        return node.expectMessageClass(MediaNode.Carry.class).command();
    }

    private void skipCarried(int count) {
        for (int i = 0; i < count; i++) {
            carried();
        }
    }

    /** As if the media node said so, to whom the last command came from. */
    private void happens(MediaEvent event) {
        lastConductorAddress().tell(new MediaNode.Told(RoomSteps.NODE, event));
    }

    private ActorRef<MediaNode.Told> lastConductorAddress() {
        conductor.tell(new ConductorCommand.Described(
                new ParticipantSid(lastParticipant()), List.of(offer(lastConnection()))));
        while (true) {
            MediaNode.Carry carry = node.expectMessageClass(MediaNode.Carry.class);
            if (carry.command() instanceof MediaCommand.RemoteDescription) {
                return carry.conductor();
            }
        }
    }

    private String lastParticipant() {
        return steps.state().participants().get(0).sid().value();
    }

    private String lastConnection() {
        return steps.state().participants().get(0).placement().connectionId();
    }
}
