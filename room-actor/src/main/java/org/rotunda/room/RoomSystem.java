package org.rotunda.room;

import com.typesafe.config.Config;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.entity.RoomEnvironment;
import org.rotunda.room.mediaplane.ProcessRouter;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.placement.Placements;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.CallbackOutbox;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.InsightsStore;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.quota.AccountSeats;
import org.rotunda.room.quota.QuotaSettings;
import org.rotunda.room.quota.QuotaStatistics;
import org.rotunda.room.quota.ShardedSeats;
import org.rotunda.room.readmodel.Database;
import org.rotunda.room.readmodel.Housekeeper;
import org.rotunda.room.readmodel.HousekeepingSettings;
import org.rotunda.room.readmodel.HousekeepingStatistics;
import org.rotunda.room.readmodel.InsightsLimits;
import org.rotunda.room.readmodel.JdbcAccountStore;
import org.rotunda.room.readmodel.JdbcIdentityErasure;
import org.rotunda.room.readmodel.JdbcInsightsStore;
import org.rotunda.room.readmodel.JdbcRoomQueries;
import org.rotunda.room.readmodel.JdbcStatusCallbacks;
import org.rotunda.room.readmodel.JournalWakeUps;
import org.rotunda.room.readmodel.RoomProjection;
import org.rotunda.room.readmodel.RoomTable;

/**
 * The parts of the room module in one process: sharding of rooms and names, the projection, and the process's part in
 * the media plane. Nodes with the role {@value #ROLE} run rooms; all other nodes only send commands to rooms. The room
 * system is started once for each actor system and stops with it.
 */
public final class RoomSystem {
    /** The cluster role of the nodes that run rooms. */
    public static final String ROLE = "room";

    private static final String BLOCKING_DISPATCHER = "rotunda.blocking-dispatcher";

    private final ShardedRooms rooms;
    private final RoomQueries queries;
    private final AccountStore accounts;
    private final JdbcStatusCallbacks callbacks;
    private final IdentityErasure erasure;
    private final InsightsStore insights;
    private final RoomStatistics statistics;
    private final QuotaStatistics quotaStatistics;
    private final HousekeepingStatistics housekeeping;
    private final MediaPlane mediaPlane;

    private RoomSystem(
            ShardedRooms rooms,
            RoomQueries queries,
            AccountStore accounts,
            JdbcStatusCallbacks callbacks,
            IdentityErasure erasure,
            InsightsStore insights,
            RoomStatistics statistics,
            QuotaStatistics quotaStatistics,
            HousekeepingStatistics housekeeping,
            MediaPlane mediaPlane) {
        this.rooms = rooms;
        this.queries = queries;
        this.accounts = accounts;
        this.callbacks = callbacks;
        this.erasure = erasure;
        this.insights = insights;
        this.statistics = statistics;
        this.quotaStatistics = quotaStatistics;
        this.housekeeping = housekeeping;
        this.mediaPlane = mediaPlane;
    }

    /**
     * Starts the room system. The actor system must have been configured by
     * {@link org.rotunda.room.readmodel.RoomConfig#complete}.
     *
     * @param database the database, which the caller closes after the system has stopped
     * @param random the source of all ids; it must be safe to use from any thread and, because session ids come from
     *     it, cryptographically strong
     * @param router the router of this process, which the caller closes; empty if the process is no media node
     * @param lifelinePort the port on which this process listens for lifelines of the other nodes; if empty, lifelines
     *     are off on this node
     */
    public static RoomSystem start(
            ActorSystem<?> system,
            Database database,
            Clock clock,
            RandomGenerator random,
            Optional<ProcessRouter> router,
            OptionalInt lifelinePort) {
        Config config = system.settings().config();
        RoomSettings settings = RoomSettings.from(config.getConfig("rotunda"));
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING_DISPATCHER));
        MediaPlane mediaPlane = MediaPlane.start(system, router, lifelinePort);
        ClusterSharding sharding = ClusterSharding.get(system);
        JdbcRoomQueries queries = new JdbcRoomQueries(database, blocking);
        ShardedRooms rooms = new ShardedRooms(sharding, settings, random, database.health()::isAway, queries::room);
        database.health().onChange(change -> system.eventStream().tell(new EventStream.Publish<>(change)));
        RoomStatistics statistics = new RoomStatistics();
        QuotaSettings quotas = QuotaSettings.from(config.getConfig("rotunda"));
        QuotaStatistics quotaStatistics = new QuotaStatistics();
        JournalWakeUps wakeUps = new JournalWakeUps(System.nanoTime());
        RoomEnvironment environment = new RoomEnvironment(
                NodeId.of(Cluster.get(system).selfMember().uniqueAddress()).toString(),
                settings,
                clock,
                random,
                mediaPlane.mediaNodes(),
                new Placements(random, System::nanoTime),
                new RoomTable(database, blocking),
                rooms,
                new ShardedSeats(sharding, quotas, clock, quotaStatistics),
                statistics,
                mediaPlane.fence(),
                sid -> wakeUps.written(RoomEntity.tagOf(sid)));
        initNames(system, sharding, clock);
        initAccounts(system, sharding, quotas, clock, quotaStatistics);
        sharding.init(Entity.of(
                        RoomEntity.KEY,
                        context -> EntityStart.orRefuse(
                                () -> RoomEntity.create(
                                        new RoomSid(context.getEntityId()), context.getShard(), environment),
                                RoomEntity::refuse))
                .withRole(ROLE));
        RoomProjection.start(
                system, database.dataSource(), clock, rooms, wakeUps, RoomEntity.TAGS, RoomEntity.TAG_PREFIX, ROLE);
        HousekeepingStatistics housekeeping = new HousekeepingStatistics();
        Housekeeper.start(
                system,
                database,
                HousekeepingSettings.from(config.getConfig("rotunda")),
                housekeeping,
                rooms,
                sid -> rooms.room(sid).tell(new RoomCommand.Fetch(system.ignoreRef())),
                settings.roomAgeMax(),
                clock,
                blocking,
                ROLE);
        return new RoomSystem(
                rooms,
                queries,
                new JdbcAccountStore(database, blocking),
                new JdbcStatusCallbacks(database, blocking, clock),
                new JdbcIdentityErasure(database, blocking, clock),
                new JdbcInsightsStore(database, blocking, InsightsLimits.from(config.getConfig("rotunda"))),
                statistics,
                quotaStatistics,
                housekeeping,
                mediaPlane);
    }

    public Rooms rooms() {
        return rooms;
    }

    public RoomQueries queries() {
        return queries;
    }

    /** Returns the accounts and API keys in the database. */
    public AccountStore accounts() {
        return accounts;
    }

    /** The status callbacks that are to be sent. */
    public CallbackOutbox callbackOutbox() {
        return callbacks;
    }

    /** The log of status callbacks that are not delivered. */
    public CallbackLog callbackLog() {
        return callbacks;
    }

    /** The erasing of identities from the database. */
    public IdentityErasure erasure() {
        return erasure;
    }

    /** The reports that the SDKs of clients send. */
    public InsightsStore insights() {
        return insights;
    }

    /** The statistics of the rooms in this process. */
    public RoomStatistics statistics() {
        return statistics;
    }

    /** The counters of the housekeeping in this process. */
    public HousekeepingStatistics housekeeping() {
        return housekeeping;
    }

    /** The statistics of the quotas of accounts in this process. */
    public QuotaStatistics quotaStatistics() {
        return quotaStatistics;
    }

    /** The part of this process in the media plane. */
    public MediaPlane mediaPlane() {
        return mediaPlane;
    }

    /**
     * Starts sharding of names. Names are not remembered entities, because a name has no timers. The next command to a
     * name starts its entity.
     */
    private static void initNames(ActorSystem<?> system, ClusterSharding sharding, Clock clock) {
        sharding.init(Entity.of(
                        RoomName.KEY,
                        context -> EntityStart.orRefuse(
                                () -> RoomName.create(context.getEntityId(), context.getShard(), clock),
                                RoomName::refuse))
                .withRole(ROLE)
                .withStopMessage(new RoomName.Stop())
                .withSettings(ClusterShardingSettings.create(system).withRememberEntities(false)));
    }

    /**
     * Starts sharding of the seats of accounts. These entities are not remembered: the rooms of an account start its
     * entity when they take a seat or renew theirs.
     */
    private static void initAccounts(
            ActorSystem<?> system,
            ClusterSharding sharding,
            QuotaSettings settings,
            Clock clock,
            QuotaStatistics statistics) {
        sharding.init(Entity.of(
                        AccountSeats.KEY,
                        context -> EntityStart.orRefuse(
                                () -> AccountSeats.create(
                                        context.getEntityId(), context.getShard(), settings, clock, statistics),
                                AccountSeats::refuse))
                .withRole(ROLE)
                .withStopMessage(new AccountSeats.Stop())
                .withSettings(ClusterShardingSettings.create(system).withRememberEntities(false)));
    }
}
