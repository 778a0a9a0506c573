package org.rotunda.room;

import com.typesafe.config.Config;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.entity.RoomEnvironment;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodeDirectory;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.nodewatch.NodeFence;
import org.rotunda.room.nodewatch.NodeWatch;
import org.rotunda.room.nodewatch.WatchSettings;
import org.rotunda.room.nodewatch.WatchStatistics;
import org.rotunda.room.placement.Placements;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.readmodel.Database;
import org.rotunda.room.readmodel.Housekeeper;
import org.rotunda.room.readmodel.HousekeepingSettings;
import org.rotunda.room.readmodel.JdbcRoomQueries;
import org.rotunda.room.readmodel.RoomProjection;
import org.rotunda.room.readmodel.RoomTable;

/**
 * The parts of the room module in one process: sharding of rooms and names, the projection, and the media node if the
 * process has a router. Nodes with the role {@value #ROLE} run rooms; all other nodes only send commands to rooms. The
 * room system is started once for each actor system and stops with it.
 */
public final class RoomSystem {
    /** The cluster role of the nodes that run rooms. */
    public static final String ROLE = "room";

    private static final String BLOCKING_DISPATCHER = "rotunda.blocking-dispatcher";

    private final ShardedRooms rooms;
    private final RoomQueries queries;
    private final RoomStatistics statistics;
    private final ActorRef<NodeWatch.Command> watch;
    private final WatchStatistics watchStatistics;
    private final Fence fence;
    private final MediaNodes mediaNodes;
    private final Optional<ActorRef<MediaNode.Command>> mediaNode;
    private final ActorSystem<?> system;

    private RoomSystem(
            ShardedRooms rooms,
            RoomQueries queries,
            RoomStatistics statistics,
            ActorRef<NodeWatch.Command> watch,
            WatchStatistics watchStatistics,
            Fence fence,
            MediaNodes mediaNodes,
            Optional<ActorRef<MediaNode.Command>> mediaNode,
            ActorSystem<?> system) {
        this.rooms = rooms;
        this.queries = queries;
        this.statistics = statistics;
        this.watch = watch;
        this.watchStatistics = watchStatistics;
        this.fence = fence;
        this.mediaNodes = mediaNodes;
        this.mediaNode = mediaNode;
        this.system = system;
    }

    /**
     * Starts the room system. The actor system must have been configured by
     * {@link org.rotunda.room.readmodel.RoomConfig#complete}.
     *
     * @param database the database, which the caller closes after the system has stopped
     * @param random the source of all ids; it must be safe to use from any thread and, because session ids come from
     *     it, cryptographically strong
     * @param router opens the router of this process; empty if the process is no media node
     */
    public static RoomSystem start(
            ActorSystem<?> system,
            Database database,
            Clock clock,
            RandomGenerator random,
            Optional<Function<MediaListener, MediaRouter>> router) {
        Config config = system.settings().config();
        RoomSettings settings = RoomSettings.from(config.getConfig("rotunda"));
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING_DISPATCHER));
        WatchSettings watchSettings = WatchSettings.from(config.getConfig("rotunda"));
        NodeFence fence = NodeWatch.fence(watchSettings, System::nanoTime);
        WatchStatistics watchStatistics = new WatchStatistics();
        ActorRef<NodeWatch.Command> watch =
                NodeWatch.start(system, ROLE, watchSettings, fence, watchStatistics, System::nanoTime);
        MediaNodeDirectory.View mediaNodes = new MediaNodeDirectory.View();
        Optional<ActorRef<MediaNode.Command>> mediaNode = router.map(
                factory -> startMediaNode(system, watch, "media-node", mediaNodeId(system, random), factory));
        system.systemActorOf(MediaNodeDirectory.create(mediaNodes), "media-node-directory", Props.empty());
        ClusterSharding sharding = ClusterSharding.get(system);
        JdbcRoomQueries queries = new JdbcRoomQueries(database, blocking);
        ShardedRooms rooms = new ShardedRooms(sharding, settings, random, database.health()::isAway, queries::room);
        database.health().onChange(change -> system.eventStream().tell(new EventStream.Publish<>(change)));
        RoomStatistics statistics = new RoomStatistics();
        RoomEnvironment environment = new RoomEnvironment(
                settings,
                clock,
                random,
                mediaNodes,
                new Placements(random, System::nanoTime),
                new RoomTable(database, blocking),
                rooms,
                statistics,
                fence);
        initNames(system, sharding, clock);
        sharding.init(Entity.of(
                        RoomEntity.KEY,
                        context ->
                                RoomEntity.create(new RoomSid(context.getEntityId()), context.getShard(), environment))
                .withRole(ROLE));
        RoomProjection.start(system, database.dataSource(), clock, rooms, RoomEntity.TAGS, RoomEntity.TAG_PREFIX, ROLE);
        Housekeeper.start(
                system, database, HousekeepingSettings.from(config.getConfig("rotunda")), clock, blocking, ROLE);
        return new RoomSystem(rooms, queries, statistics, watch, watchStatistics, fence, mediaNodes, mediaNode, system);
    }

    public Rooms rooms() {
        return rooms;
    }

    public RoomQueries queries() {
        return queries;
    }

    /** The statistics of the rooms in this process. */
    public RoomStatistics statistics() {
        return statistics;
    }

    /** The fence of this process. While the fence is held, the rooms of this process decide nothing. */
    public Fence fence() {
        return fence;
    }

    /** The statistics of this node's watch over the other nodes. */
    public WatchStatistics watchStatistics() {
        return watchStatistics;
    }

    /** The media nodes that this process knows. While no media node is known, every connect is refused as busy. */
    public MediaNodes mediaNodes() {
        return mediaNodes;
    }

    /** The media node of this process; empty if the process is no media node. */
    public Optional<ActorRef<MediaNode.Command>> mediaNode() {
        return mediaNode;
    }

    /**
     * Starts another media node in this process, for tests with several media nodes.
     *
     * @param id the node's id in placements, and the name of its actor
     */
    public ActorRef<MediaNode.Command> startMediaNode(String id, Function<MediaListener, MediaRouter> router) {
        return startMediaNode(system, watch, "media-node-" + id, id, router);
    }

    /**
     * Starts a media node. The node watch asks the router whether its event loops run, because the media node's actor
     * can still answer while these loops hang.
     */
    private static ActorRef<MediaNode.Command> startMediaNode(
            ActorSystem<?> system,
            ActorRef<NodeWatch.Command> watch,
            String name,
            String id,
            Function<MediaListener, MediaRouter> factory) {
        AtomicReference<@Nullable MediaRouter> opened = new AtomicReference<>();
        ActorRef<MediaNode.Command> node = system.systemActorOf(
                MediaNode.create(id, listener -> {
                    MediaRouter router = factory.apply(listener);
                    opened.set(router);
                    return router;
                }),
                name,
                Props.empty());
        BooleanSupplier loopsTicked = () -> {
            MediaRouter router = opened.get();
            return router != null && router.allLoopsTurned();
        };
        watch.tell(new NodeWatch.WatchMediaNode(id, loopsTicked, node));
        return node;
    }

    /**
     * Starts sharding of names. Names are not remembered entities, because a name has no timers. The next command to a
     * name starts its entity.
     */
    private static void initNames(ActorSystem<?> system, ClusterSharding sharding, Clock clock) {
        sharding.init(
                Entity.of(RoomName.KEY, context -> RoomName.create(context.getEntityId(), context.getShard(), clock))
                        .withRole(ROLE)
                        .withStopMessage(new RoomName.Stop())
                        .withSettings(ClusterShardingSettings.create(system).withRememberEntities(false)));
    }

    /**
     * Returns the id of this process's media node. The id consists of the address and a random part, so it is new with
     * every start of the process.
     */
    private static String mediaNodeId(ActorSystem<?> system, RandomGenerator random) {
        return system.address().hostPort() + "#" + Long.toHexString(random.nextLong());
    }
}
