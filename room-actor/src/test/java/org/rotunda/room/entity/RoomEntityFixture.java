package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeGauge;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.placement.Placements;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.quota.Seats;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.HandClock;
import org.rotunda.room.testkit.RoomSamples;

/** A room's entity with a journal in memory and media nodes with fake routers. The test moves the clock by hand. */
final class RoomEntityFixture implements AutoCloseable {
    final ActorTestKit actors = ActorTestKit.create(
            "entity",
            ConfigFactory.parseString("pekko.actor.testkit.typed.single-expect-default = 20s")
                    .withFallback(EventSourcedBehaviorTestKit.config())
                    .withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf")));
    final HandClock clock = new HandClock(START);
    final AtomicInteger released = new AtomicInteger();
    /** The participants whose rows were anonymized. */
    final List<ParticipantSid> anonymized = new CopyOnWriteArrayList<>();

    /** The rooms that have written, once for each write. */
    final List<RoomSid> written = new CopyOnWriteArrayList<>();

    private final RoomSettings settings;
    private final Seats seats;
    final List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
    final FakeMediaNodes nodes = new FakeMediaNodes("media-1", spawnNode("media-1"));
    private final TestProbe<ClusterSharding.ShardCommand> shard = actors.createTestProbe();
    final EventSourcedBehaviorTestKit<RoomCommand, RoomEvent, RoomState> entity;

    RoomEntityFixture() {
        this(RoomSamples.settings());
    }

    RoomEntityFixture(RoomSettings settings) {
        this(settings, Seats.UNLIMITED);
    }

    RoomEntityFixture(RoomSettings settings, Seats seats) {
        this.settings = settings;
        this.seats = seats;
        entity = EventSourcedBehaviorTestKit.create(
                actors.system(),
                RoomEntity.create(ROOM, shard.getRef(), environment()),
                EventSourcedBehaviorTestKit.enabledSerializationSettings()
                        // The commands stay in one process, so they need not be serializable here.
                        .withVerifyCommands(false));
    }

    @Override
    public void close() {
        actors.shutdownTestKit();
    }

    ActorRef<MediaNode.Command> spawnNode(String id) {
        return actors.spawn(MediaNode.create(new MediaNodeGauge(id), listener -> {
            FakeMediaRouter router = new FakeMediaRouter(listener);
            routers.add(router);
            return router;
        }));
    }

    /** Replaces {@code media-1} by {@code media-2} without telling the room. */
    void replaceNode() {
        nodes.lose("media-1");
        nodes.add("media-2", spawnNode("media-2"));
    }

    void mediaNodesChange() {
        actors.system().eventStream().tell(new EventStream.Publish<>(nodes.takeChanges()));
    }

    private RoomEnvironment environment() {
        return new RoomEnvironment(
                RoomSamples.ROOM_NODE,
                settings,
                clock,
                new Random(3),
                nodes,
                new Placements(new Random(4), System::nanoTime),
                new Records(),
                (account, name, room) -> released.incrementAndGet(),
                seats,
                new RoomStatistics(),
                Fence.NEVER,
                written::add);
    }

    /** Records that only note which participants were anonymized. */
    private final class Records implements RoomRecords {
        @Override
        public CompletionStage<Done> record(RoomView room, long eventNumber) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public CompletionStage<Done> anonymize(ParticipantSid participant, Instant at) {
            anonymized.add(participant);
            return CompletableFuture.completedFuture(Done.getInstance());
        }
    }

    /** Returns the environment of a room with a clock that stands still. */
    static RoomEnvironment environment(
            RoomSettings settings, MediaNodes nodes, RoomStatistics statistics, Fence fence) {
        return new RoomEnvironment(
                RoomSamples.ROOM_NODE,
                settings,
                new HandClock(START),
                new Random(3),
                nodes,
                new Placements(new Random(4), System::nanoTime),
                (room, eventNumber) -> CompletableFuture.completedFuture(Done.getInstance()),
                (account, name, room) -> {},
                Seats.UNLIMITED,
                statistics,
                fence,
                room -> {});
    }

    TestProbe<SessionNotice> newSocket() {
        return actors.createTestProbe();
    }

    RoomView create() {
        return tryCreate(properties()).getValue();
    }

    StatusReply<RoomView> tryCreate(RoomProperties properties) {
        return ask(replyTo -> new RoomCommand.Create(ACCOUNT, "daily", properties, replyTo));
    }

    StatusReply<RoomView> fetch() {
        return ask(RoomCommand.Fetch::new);
    }

    StatusReply<RoomView> complete() {
        return ask(RoomCommand.Complete::new);
    }

    /** Connects a participant with a socket that the test ignores. */
    Connected connect(String identity) {
        return connect(identity, newSocket());
    }

    Connected connect(String identity, TestProbe<SessionNotice> socket, ClientTrack... tracks) {
        return tryConnect(ACCOUNT, identity, socket, tracks).getValue();
    }

    StatusReply<Connected> tryConnect(String identity) {
        return tryConnect(ACCOUNT, identity, newSocket());
    }

    StatusReply<Connected> tryConnect(
            AccountSid account, String identity, TestProbe<SessionNotice> socket, ClientTrack... tracks) {
        return ask(replyTo -> new RoomCommand.Connect(
                account,
                identity,
                client(1, tracks),
                true,
                Set.of("publisher_hints"),
                offer("pc-" + identity),
                socket.getRef(),
                replyTo));
    }

    /** Resumes a session on another socket, with these descriptions. The session has no tracks. */
    Synced sync(SessionId session, TestProbe<SessionNotice> socket, ConnectionDescription... descriptions) {
        return this.<Synced>ask(replyTo ->
                        new RoomCommand.Sync(session, client(1), List.of(descriptions), socket.getRef(), replyTo))
                .getValue();
    }

    StatusReply<Done> moveTransports(String mediaNode) {
        return ask(replyTo -> new RoomCommand.MoveTransports(mediaNode, replyTo));
    }

    /**
     * Sends a command and returns its reply. The test kit's own function does not work here, because some replies come
     * from the conductor.
     */
    <T> StatusReply<T> ask(Function<ActorRef<StatusReply<T>>, RoomCommand> command) {
        TestProbe<StatusReply<T>> probe = actors.createTestProbe();
        entity.runCommand(command.apply(probe.getRef()));
        return probe.receiveMessage();
    }

    OpenRoom open() {
        return (OpenRoom) entity.getState();
    }

    Participant firstParticipant() {
        return open().participants().get(0);
    }

    /**
     * Waits until the assertions hold. A single check could come too early, because the test does not wait for the
     * entity's decisions.
     */
    void awaitUntil(Runnable assertions) {
        actors.<Object>createTestProbe().awaitAssert(() -> {
            assertions.run();
            return null;
        });
    }

    static RoomError errorOf(StatusReply<?> reply) {
        assertThat(reply.isError()).as("%s", reply).isTrue();
        return ((RoomRefusal) reply.getError()).error();
    }
}
