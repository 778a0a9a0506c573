package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.SessionNotice.Connected;
import org.rotunda.room.SessionNotice.RoomChanged;
import org.rotunda.room.SessionNotice.Synced;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.HandClock;
import org.rotunda.room.testkit.RoomSamples;

class RoomEntityTest {
    private static final TransportHandover HANDOVER =
            new TransportHandover(new NegotiationState(new byte[] {1, 2, 3}), List.of());

    private final ActorTestKit actors = ActorTestKit.create(
            "entity",
            ConfigFactory.parseString("pekko.actor.testkit.typed.single-expect-default = 20s")
                    .withFallback(EventSourcedBehaviorTestKit.config())
                    .withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    private final HandClock clock = new HandClock(START);
    private final AtomicInteger released = new AtomicInteger();
    private final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    private final FakeMediaNodes nodes = new FakeMediaNodes("media-1", spawnNode("media-1"));
    private final TestProbe<ClusterSharding.ShardCommand> shard = actors.createTestProbe();
    private final EventSourcedBehaviorTestKit<RoomCommand, RoomEvent, RoomState> entity =
            EventSourcedBehaviorTestKit.create(
                    actors.system(),
                    RoomEntity.create(ROOM, shard.getRef(), environment()),
                    EventSourcedBehaviorTestKit.enabledSerializationSettings()
                            .withVerifyCommands(false)); // Commands stay in one process so far.

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    private static SessionNotice.Connection connection(String id, Description.Type type) {
        return new SessionNotice.Connection(id, new ConnectionDescription(id, new Description(type, 1, "")));
    }

    private ActorRef<MediaNode.Command> spawnNode(String id) {
        return actors.spawn(MediaNode.create(id, listener -> {
            FakeMediaRouter router = new FakeMediaRouter(listener);
            routers.add(router);
            return router;
        }));
    }

    private void replaceNode() {
        nodes.lose("media-1");
        nodes.add("media-2", spawnNode("media-2"));
    }

    @Test
    void createsARoomOnce() {
        RoomView first = create();

        assertThat(first.status()).isEqualTo(RoomStatus.IN_PROGRESS);
        StatusReply<RoomView> other =
                this.<RoomView>ask(replyTo -> new RoomCommand.Create(ACCOUNT, "daily", properties(), replyTo));
        assertThat(errorOf(other)).isEqualTo(RoomError.ROOM_EXISTS); // Only one may believe to have created it.
        assertThat(open().epoch()).isEqualTo(1);
    }

    @Test
    void doesNotKnowWhatWasNeverCreated() {
        assertThat(errorOf(this.<RoomView>ask(RoomCommand.Fetch::new))).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void admitsAndPublishes() {
        create();
        TestProbe<SessionNotice> session = actors.createTestProbe();

        Connected connected = connect("alice", session, track("cam", TrackKind.VIDEO));

        assertThat(connected.snapshot().published().tracks())
                .singleElement()
                .satisfies(track -> assertThat(track.sid()).isNotNull());
        assertThat(connected.snapshot().published().revision()).isGreaterThan(LiveRoom.REVISIONS_PER_EPOCH);
        SessionNotice.Descriptions answer = session.expectMessageClass(SessionNotice.Descriptions.class);
        assertThat(answer.descriptions().get(0).description().sdp()).isEqualTo(FakeMediaRouter.ANSWER_SDP);
    }

    @Test
    void refusesOneTooMany() {
        create();
        for (int i = 0; i < 4; i++) {
            connect("p" + i, actors.createTestProbe());
        }

        StatusReply<Connected> fifth = tryConnect(ACCOUNT, "p4", actors.createTestProbe());

        assertThat(errorOf(fifth)).isEqualTo(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
    }

    @Test
    void doesNotShowItselfToOtherAccounts() {
        create();

        StatusReply<Connected> reply =
                tryConnect(new AccountSid("AC" + "9".repeat(32)), "alice", actors.createTestProbe());

        assertThat(errorOf(reply)).isEqualTo(RoomError.ROOM_NOT_FOUND);
    }

    @Test
    void endsTheEarlierSessionOfAnIdentity() {
        create();
        TestProbe<SessionNotice> first = actors.createTestProbe();
        TestProbe<SessionNotice> second = actors.createTestProbe();
        connect("alice", first);

        connect("alice", second);

        assertThat(first.fishForMessage(Duration.ofSeconds(3), RoomEntityTest::untilEnded))
                .last()
                .isEqualTo(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY));
        assertThat(open().participants()).hasSize(1);
    }

    @Test
    void refusesConnectsWithoutMediaNodes() {
        create();
        nodes.lose("media-1");

        assertThat(errorOf(tryConnect(ACCOUNT, "alice", actors.createTestProbe())))
                .isEqualTo(RoomError.BUSY);
    }

    @Test
    void journalsARepeatedUpdateOnce() {
        create();
        SessionId alice = connect("alice", actors.createTestProbe()).sessionId();
        var update = new RoomCommand.Update(alice, client(2, track("cam", TrackKind.VIDEO)), List.of());

        assertThat(entity.runCommand(update).events()).hasSize(2);
        assertThat(entity.runCommand(update).hasNoEvents()).isTrue();
    }

    @Test
    void ignoresAForgedSession() {
        create();
        Connected alice = connect("alice", actors.createTestProbe());
        SessionId forged = SessionId.random(ROOM, alice.participantSid(), new Random(99));

        assertThat(entity.runCommand(new RoomCommand.Disconnect(forged)).hasNoEvents())
                .isTrue();
    }

    @Test
    void resumesASessionOnAnotherSocket() {
        create();
        TestProbe<SessionNotice> bobsSession = actors.createTestProbe();
        TestProbe<SessionNotice> old = actors.createTestProbe();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        SessionId alice = connect("alice", old).sessionId();
        connect("bob", bobsSession);
        bobsSession.expectMessageClass(SessionNotice.Descriptions.class);

        entity.runCommand(new RoomCommand.SessionLost(alice, old.getRef()));
        assertThat(statusTold(bobsSession)).isEqualTo(ParticipantStatus.RECONNECTING);
        StatusReply<Synced> synced =
                this.<Synced>ask(replyTo -> new RoomCommand.Sync(alice, client(1), List.of(), fresh.getRef(), replyTo));

        assertThat(synced.getValue().snapshot().participants()).hasSize(1);
        assertThat(synced.getValue().snapshot().connections()).hasSize(1);
        assertThat(statusTold(bobsSession)).isEqualTo(ParticipantStatus.CONNECTED);
    }

    @Test
    void movesAResumedParticipantWhoseMediaNodeIsGone() {
        create();
        SessionId alice =
                connect("alice", actors.<SessionNotice>createTestProbe()).sessionId();
        TestProbe<SessionNotice> fresh = actors.createTestProbe();
        replaceNode();

        StatusReply<Synced> synced =
                this.<Synced>ask(replyTo -> new RoomCommand.Sync(alice, client(1), List.of(), fresh.getRef(), replyTo));

        Placement placement = open().participants().get(0).placement();
        assertThat(placement.mediaNode()).isEqualTo("media-2");
        assertThat(placement.connectionId()).isNotEqualTo("pc-alice");
        assertThat(synced.getValue().snapshot().connections())
                .containsExactly(
                        connection("pc-alice", Description.Type.CLOSE),
                        connection(placement.connectionId(), Description.Type.CREATE_OFFER));
    }

    @Test
    void movesALiveParticipantWhoseMediaNodeIsGone() {
        create();
        TestProbe<SessionNotice> session = actors.createTestProbe();
        connect("alice", session);
        session.expectMessageClass(SessionNotice.Descriptions.class); // The answer.
        replaceNode();

        actors.system().eventStream().tell(new EventStream.Publish<>(new MediaNodesChanged()));

        List<ConnectionDescription> told =
                session.expectMessageClass(SessionNotice.Descriptions.class).descriptions();
        assertThat(told)
                .extracting(each -> each.description().type())
                .containsExactly(Description.Type.CLOSE, Description.Type.CREATE_OFFER);
        assertThat(told)
                .extracting(ConnectionDescription::connectionId)
                .startsWith("pc-alice")
                .doesNotHaveDuplicates();
    }

    @Test
    void whoWasJustJoiningWhenTheMediaNodeDiedEndsUpInTheCall() {
        create();
        nodes.lose("media-1");
        nodes.add("media-0", actors.<MediaNode.Command>createTestProbe().getRef()); // Answers nothing.
        TestProbe<SessionNotice> session = actors.createTestProbe();
        SessionId alice = connect("alice", session).sessionId();
        nodes.lose("media-0");
        nodes.add("media-2", spawnNode("media-2"));

        actors.system().eventStream().tell(new EventStream.Publish<>(new MediaNodesChanged()));

        List<ConnectionDescription> told =
                session.expectMessageClass(SessionNotice.Descriptions.class).descriptions();
        assertThat(told.get(0).connectionId()).isEqualTo("pc-alice");
        assertThat(told.get(0).description().type()).isEqualTo(Description.Type.CLOSE);
        String fresh = told.get(1).connectionId();
        entity.runCommand(new RoomCommand.Update(alice, client(1), List.of(offer(fresh))));
        ConnectionDescription answer = session.expectMessageClass(SessionNotice.Descriptions.class)
                .descriptions()
                .get(0);
        assertThat(answer.connectionId()).isEqualTo(fresh);
        assertThat(answer.description().sdp()).isEqualTo(FakeMediaRouter.ANSWER_SDP);
    }

    @Test
    void everybodyMovesInOneWrite() {
        create();
        connect("alice", actors.createTestProbe());
        connect("bob", actors.createTestProbe());
        nodes.add("media-2", spawnNode("media-2"));
        var movers = open().participants().stream()
                .map(participant -> new RoomInternal.Mover(participant.sid(), true))
                .toList();

        assertThat(entity.runCommand(new RoomInternal.Move("media-1", Set.of(), movers, null))
                        .events())
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).isInstanceOf(RoomEvent.ParticipantMoved.class));
    }

    @Test
    void renewsTheDeadlineOfWhoIsAwayWhenItIsRecovered() {
        create();
        TestProbe<SessionNotice> session = actors.createTestProbe();
        SessionId alice = connect("alice", session).sessionId();
        entity.runCommand(new RoomCommand.SessionLost(alice, session.getRef()));
        actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(open().participants().get(0).status()).isEqualTo(ParticipantStatus.RECONNECTING);
            return null;
        });
        clock.advance(Duration.ofHours(1)); // Nobody was there.

        entity.restart();

        actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(open().participants().get(0).reconnectDeadline())
                    .isEqualTo(clock.instant().plus(RoomSamples.settings().sessionTimeout()));
            return null;
        });
    }

    @Test
    void movesALiveConnectionThatTheRouterToldEnoughOf() {
        create();
        TestProbe<SessionNotice> session = actors.createTestProbe();
        Connected alice = connect("alice", session);
        session.expectMessageClass(SessionNotice.Descriptions.class); // The answer.
        TransportId transport =
                new TransportId(ROOM.value(), alice.participantSid().value(), "pc-alice");
        routers.get(0).happens(new MediaEvent.HandoverChanged(transport, HANDOVER));
        session.expectNoMessage(Duration.ofMillis(100)); // By now the conductor has it.
        replaceNode();

        actors.system().eventStream().tell(new EventStream.Publish<>(new MediaNodesChanged()));

        session.expectNoMessage(Duration.ofMillis(100)); // Only the new node speaks, by its offer.
        assertThat(open().participants().get(0).placement()).isEqualTo(new Placement("media-2", "pc-alice"));
        assertThat(routers.get(1).commands(MediaCommand.OpenTransport.class))
                .singleElement()
                .satisfies(opened -> {
                    assertThat(opened.transport()).isEqualTo(transport);
                    assertThat(opened.handover()).isEqualTo(HANDOVER);
                    assertThat(opened.requestOffer()).isFalse();
                });
    }

    @Test
    void movesEverybodyOffANodeThatIsToBeLeft() {
        create();
        connect("alice", actors.createTestProbe());
        connect("bob", actors.createTestProbe());
        assertThat(errorOf(this.<Done>ask(replyTo -> new RoomCommand.MoveTransports("media-1", replyTo))))
                .isEqualTo(RoomError.BUSY);
        nodes.add("media-2", spawnNode("media-2"));

        assertThat(this.<Done>ask(replyTo -> new RoomCommand.MoveTransports("media-1", replyTo))
                        .isSuccess())
                .isTrue();

        assertThat(open().participants())
                .extracting(participant -> participant.placement().mediaNode())
                .containsExactly("media-2", "media-2");
    }

    @Test
    void completesAndTellsEverybody() {
        create();
        TestProbe<SessionNotice> session = actors.createTestProbe();
        Connected alice = connect("alice", session);

        RoomView over = this.<RoomView>ask(RoomCommand.Complete::new).getValue();

        assertThat(over.status()).isEqualTo(RoomStatus.COMPLETED);
        assertThat(over.endedAt()).isEqualTo(START);
        assertThat(session.fishForMessage(Duration.ofSeconds(3), RoomEntityTest::untilEnded))
                .last()
                .isEqualTo(new SessionNotice.Ended(RoomError.ROOM_COMPLETED));
        assertThat(released).hasValue(1);
        assertThat(this.<RoomView>ask(RoomCommand.Fetch::new).getValue()).isEqualTo(over);
        assertThat(errorOf(this.<RoomView>ask(RoomCommand.Complete::new))).isEqualTo(RoomError.ROOM_STATUS_INVALID);
        assertThat(errorOf(tryConnect(ACCOUNT, "bob", actors.createTestProbe())))
                .isEqualTo(RoomError.ROOM_COMPLETED);
        ParticipantView gone = this.<ParticipantView>ask(replyTo ->
                        new RoomCommand.RemoveParticipant(alice.participantSid().value(), replyTo))
                .getValue();
        assertThat(gone.status()).isEqualTo(ParticipantStatus.DISCONNECTED);
    }

    @Test
    void completesAnAdHocRoomWhenTheLastLeaves() {
        ask((ActorRef<StatusReply<RoomView>> replyTo) ->
                new RoomCommand.Create(ACCOUNT, "daily", properties(4, 0), replyTo));
        SessionId alice = connect("alice", actors.createTestProbe()).sessionId();

        entity.runCommand(new RoomCommand.Disconnect(alice));

        assertThat(entity.getState()).isInstanceOf(RoomState.Completed.class);
    }

    @Test
    void takesOnANewEpochAfterARestart() {
        create();
        connect("alice", actors.createTestProbe());

        entity.restart();

        actors.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(open().epoch()).isEqualTo(2);
            return null;
        });
        assertThat(open().participants()).hasSize(1);
    }

    private RoomEnvironment environment() {
        return new RoomEnvironment(
                RoomSamples.settings(),
                clock,
                new Random(3),
                nodes,
                (room, eventNumber) -> CompletableFuture.completedFuture(Done.getInstance()),
                (account, name, owner) -> released.incrementAndGet(),
                new RoomStatistics(),
                Fence.NEVER);
    }

    private RoomView create() {
        return this.<RoomView>ask(replyTo -> new RoomCommand.Create(ACCOUNT, "daily", properties(), replyTo))
                .getValue();
    }

    private Connected connect(String identity, TestProbe<SessionNotice> session, ClientTrack... tracks) {
        return tryConnect(ACCOUNT, identity, session, tracks).getValue();
    }

    private StatusReply<Connected> tryConnect(
            AccountSid account, String identity, TestProbe<SessionNotice> session, ClientTrack... tracks) {
        return ask(replyTo -> new RoomCommand.Connect(
                account,
                identity,
                client(1, tracks),
                true,
                Set.of("publisher_hints"),
                offer("pc-" + identity),
                session.getRef(),
                replyTo));
    }

    /** Asks past the test kit, because some replies come from the conductor. */
    private <T> StatusReply<T> ask(Function<ActorRef<StatusReply<T>>, RoomCommand> command) {
        TestProbe<StatusReply<T>> probe = actors.createTestProbe();
        entity.runCommand(command.apply(probe.getRef()));
        return probe.receiveMessage();
    }

    private OpenRoom open() {
        return (OpenRoom) entity.getState();
    }

    private static RoomError errorOf(StatusReply<?> reply) {
        assertThat(reply.isError()).isTrue();
        return ((RoomRefusal) reply.getError()).error();
    }

    private static ParticipantStatus statusTold(TestProbe<SessionNotice> session) {
        return session.expectMessageClass(RoomChanged.class)
                .participants()
                .get(0)
                .status();
    }

    private static FishingOutcome untilEnded(SessionNotice notice) {
        return notice instanceof SessionNotice.Ended ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
    }
}
