package org.rotunda.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.Gateway;
import org.rotunda.gateway.GatewaySettings;
import org.rotunda.media.control.MediaPlatform;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.net.EventLoopMediaRouter;
import org.rotunda.node.advertise.AddressKeeper;
import org.rotunda.node.advertise.AddressLookup;
import org.rotunda.node.cluster.ClaimKeeper;
import org.rotunda.node.cluster.ClaimedRight;
import org.rotunda.node.cluster.ClusterFormation;
import org.rotunda.node.cluster.FormingRight;
import org.rotunda.node.cluster.LiveGateways;
import org.rotunda.node.cluster.NeighbouringVersions;
import org.rotunda.node.cluster.RefusedMembers;
import org.rotunda.node.cluster.RoomsLostWatch;
import org.rotunda.node.cluster.VersionGate;
import org.rotunda.node.cluster.VersionRefusedException;
import org.rotunda.node.config.AdvertiseSettings;
import org.rotunda.node.config.MediaProcessors;
import org.rotunda.node.config.NodeRole;
import org.rotunda.node.config.NodeSettings;
import org.rotunda.node.debug.DebugRoutes;
import org.rotunda.node.drain.DrainRoutes;
import org.rotunda.node.drain.NodeDrain;
import org.rotunda.node.health.Readiness;
import org.rotunda.node.lifeline.LifelineListener;
import org.rotunda.node.metrics.NodeMetrics;
import org.rotunda.room.MediaPlane;
import org.rotunda.room.RoomSystem;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.DrainPermits;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.mediaplane.ProcessRouter;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.readmodel.ClusterClaim;
import org.rotunda.room.readmodel.Database;
import org.rotunda.room.readmodel.DatabaseConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One running node with the roles that its configuration names, wired by hand. A node is started and closed once.
 * Callable from any thread that is allowed to block.
 */
public final class RotundaNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RotundaNode.class);
    /**
     * The precision of the clock, which is that of times in the database. With finer times, a participant would have one
     * start time in its room and another in the tables, and could be on two pages of a list.
     */
    private static final Duration CLOCK_TICK = Duration.ofNanos(1_000);

    private static final Duration START_MAX = Duration.ofSeconds(60);
    /** The time limit of a stop without its drain. Clients may need a minute to go to other gateways. */
    private static final Duration STOP_MAX = Duration.ofMinutes(2);
    /** The time limit for pending requests when the node stops. */
    private static final Duration REQUESTS_DONE_MAX = Duration.ofSeconds(5);
    /**
     * The time limit for giving up the cluster's claim. It is shorter than the 5 s after which Pekko ends this phase of
     * the shutdown.
     */
    private static final Duration CLAIM_END_MAX = Duration.ofSeconds(4);

    private final NodeSettings settings;
    private final ActorSystem<Void> system;
    private final Resources resources;
    private final MediaPlane mediaPlane;
    private final @Nullable RoomSystem rooms; // This is null on a node with the role media alone.
    private final @Nullable Gateway gateway;
    private final String managementUrl;

    /**
     * The resources of a node that are not in its actor system, and are closed after it.
     *
     * @param database null on a node with the role media alone
     * @param ownParts null if the process keeps these parts when the node stops
     */
    private record Resources(
            @Nullable Database database, @Nullable KeptParts ownParts) {
        void close() {
            if (database != null) {
                database.close();
            }
            if (ownParts != null) {
                ownParts.close();
            }
        }
    }

    private RotundaNode(
            NodeSettings settings,
            ActorSystem<Void> system,
            Resources resources,
            MediaPlane mediaPlane,
            @Nullable RoomSystem rooms,
            @Nullable Gateway gateway,
            String managementUrl) {
        this.settings = settings;
        this.system = system;
        this.resources = resources;
        this.mediaPlane = mediaPlane;
        this.rooms = rooms;
        this.gateway = gateway;
        this.managementUrl = managementUrl;
    }

    /**
     * Starts a node and returns when it is ready.
     *
     * @param config the complete configuration, as {@link org.rotunda.node.config.NodeConfiguration} makes it
     * @throws IllegalArgumentException if the configuration cannot be used
     * @throws IllegalStateException if a part of the node could not be started; the parts that were already running
     *     have been stopped
     */
    public static RotundaNode start(Config config) {
        KeptParts own = new KeptParts();
        return start(config, own, own);
    }

    /**
     * Starts a node whose media router and listener for lifelines outlive it.
     *
     * @param parts keeps these parts; the first start of a node that needs them opens them, and the caller closes them
     * @see #start(Config)
     */
    static RotundaNode start(Config config, KeptParts parts) {
        return start(config, parts, null);
    }

    private static RotundaNode start(Config config, KeptParts parts, @Nullable KeptParts ownParts) {
        NodeSettings settings = NodeSettings.from(config.getConfig("rotunda"));
        GatewaySettings gatewaySettings = GatewaySettings.from(config);
        Config db = config.getConfig("rotunda.db");
        String version = version(config);
        Resources resources = new Resources(settings.usesDatabase() ? openDatabase(db, version) : null, ownParts);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "rotunda",
                config.withValue(NeighbouringVersions.KEY, ConfigValueFactory.fromAnyRef(version)));
        try {
            return start(settings, gatewaySettings, DatabaseConfig.isEmbedded(db), parts, resources, system);
        } catch (RuntimeException failure) {
            system.terminate();
            await(system.getWhenTerminated(), STOP_MAX);
            resources.close();
            throw failure;
        }
    }

    /** Returns the version of this node: that of the build, unless the configuration says another one for tests. */
    private static String version(Config config) {
        String configured = config.getString(NeighbouringVersions.KEY);
        return configured.equals(ConfigFactory.defaultReference().getString(NeighbouringVersions.KEY))
                ? Version.build().version()
                : configured;
    }

    private static Database openDatabase(Config db, String version) {
        try {
            return Database.open(db, new VersionGate(version));
        } catch (VersionRefusedException refused) {
            throw refused;
        } catch (RuntimeException failure) {
            // The pool, the driver and the migration throw exceptions of different types.
            throw new IllegalStateException( // The message leaves out the URL, which may hold a password.
                    "the database of rotunda.db.url cannot be used: " + failure.getMessage(), failure);
        }
    }

    private static RotundaNode start(
            NodeSettings settings,
            GatewaySettings gatewaySettings,
            boolean databaseIsEmbedded,
            KeptParts kept,
            Resources resources,
            ActorSystem<Void> system) {
        // The management port opens first, because nodes discover each other through it. It answers "not ready" until
        // the start is complete.
        String managementUrl =
                await(PekkoManagement.get(system).start(), START_MAX).toString();
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.tick(Clock.systemUTC(), CLOCK_TICK);
        NodeMetrics metrics = NodeMetrics.of(system);
        metrics.cluster(settings.roles(), Version.build());
        metrics.limits(limits(settings, gatewaySettings));
        Optional<ProcessRouter> process = settings.roles().contains(NodeRole.MEDIA)
                ? Optional.of(kept.open(system, reachableMedia(settings, kept, system), random))
                : Optional.empty();
        Optional<LifelineListener> lifelines = settings.cluster().lifeline().map(kept::lifelines);
        OptionalInt lifelinePort =
                lifelines.map(open -> OptionalInt.of(open.port())).orElse(OptionalInt.empty());
        metrics.lifelines(lifelines);
        Optional<MediaRouter> router = process.map(ProcessRouter::router);
        router.ifPresent(opened -> metrics.media(opened::statistics));
        kept.platform().ifPresent(platform -> {
            metrics.platform(platform);
            report(platform, settings);
        });
        Database database = resources.database();
        RoomSystem rooms =
                database == null ? null : RoomSystem.start(system, database, clock, random, process, lifelinePort);
        MediaPlane mediaPlane = rooms == null ? MediaPlane.start(system, process, lifelinePort) : rooms.mediaPlane();
        DebugRoutes.of(system).serve(Optional.ofNullable(rooms).map(RoomSystem::rooms), router);
        metrics.mediaNodes(mediaPlane.mediaNodes());
        metrics.watch(mediaPlane.watchStatistics(), mediaPlane.fence());
        if (rooms != null) {
            metrics.rooms(rooms.statistics());
            metrics.housekeeping(rooms.housekeeping(), clock);
            metrics.quotas(rooms.quotaStatistics());
        }
        if (database != null) {
            metrics.database(database.health());
        }
        if (settings.cluster().refusedIsLost()) {
            system.systemActorOf(
                    RefusedMembers.create(RoomSystem.ROLE, system.dispatchers().lookup(DispatcherSelector.blocking())),
                    "refused-members",
                    Props.empty());
        }
        // The database, the media router and the rooms start before the node joins. So the cluster never sees a node on
        // which one of them could not start.
        await(
                ClusterFormation.join(
                        system, settings.cluster(), formingRight(settings, database, databaseIsEmbedded, system)),
                settings.cluster().joinTimeout().plus(START_MAX));
        Gateway gateway = null;
        AtomicInteger liveGateways = new AtomicInteger(1);
        if (rooms != null && settings.roles().contains(NodeRole.GATEWAY)) {
            warnAboutPlainSecrets(settings, gatewaySettings);
            system.systemActorOf(LiveGateways.create(liveGateways), "live-gateways", Props.empty());
            gateway = await(
                    Gateway.start(
                            system,
                            rooms.rooms(),
                            rooms.queries(),
                            rooms.accounts(),
                            rooms.callbackOutbox(),
                            rooms.callbackLog(),
                            rooms.erasure(),
                            rooms.insights(),
                            liveGateways::get,
                            gatewaySettings,
                            clock),
                    START_MAX);
            metrics.gateway(gateway.statistics());
            metrics.accounts(gateway.accountStatistics());
            metrics.requestRates(gateway.limitStatistics());
            metrics.insights(gateway.insightsStatistics());
            metrics.callbacks(gateway.callbackStatistics());
            gateway.tlsStatistics().ifPresent(metrics::tls);
            system.systemActorOf(
                    RoomsLostWatch.create(gateway::resync, gateway::resync), "rooms-lost-watch", Props.empty());
        }
        RotundaNode node = new RotundaNode(settings, system, resources, mediaPlane, rooms, gateway, managementUrl);
        ActorRef<NodeDrain.Command> drain = node.startDrain(metrics, liveGateways::get);
        node.shutDownInOrder(drain, liveGateways::get);
        Readiness.of(system).set(true);
        DrainRoutes.of(system).serve(drain, system, settings.managementToken()); // A drain makes the node not ready.
        LOG.atInfo()
                .addKeyValue("roles", settings.roles())
                .addKeyValue("http", node.httpUrl())
                .addKeyValue("management", managementUrl)
                .log("node is ready");
        return node;
    }

    /**
     * Returns the settings of the media router with the addresses that clients are told. On Kubernetes this may wait until
     * the API server knows them.
     */
    private static MediaSettings reachableMedia(NodeSettings settings, KeptParts kept, ActorSystem<?> system) {
        AdvertiseSettings advertise = settings.advertise();
        if (advertise.source() == AdvertiseSettings.Source.LIST
                || advertise.source() == AdvertiseSettings.Source.ORDINAL) {
            return settings.media();
        }
        CompletableFuture<List<String>> found = new CompletableFuture<>();
        system.systemActorOf(
                AddressKeeper.create(
                        new AddressLookup(advertise, settings.media()),
                        system.dispatchers().lookup(DispatcherSelector.blocking()),
                        advertise.timeout(),
                        kept.platform().map(MediaPlatform::advertised).orElse(List.of()),
                        found,
                        () -> stopForNewAddresses(system)),
                "address-keeper",
                Props.empty());
        return settings.media().withAdvertise(await(found, advertise.timeout().plus(START_MAX)));
    }

    /** Stops the node in order. Its next start tells clients the new addresses. */
    private static void stopForNewAddresses(ActorSystem<?> system) {
        Readiness.of(system).set(false);
        CoordinatedShutdown.get(system).runAll(StopReason.ADDRESSES_CHANGED);
    }

    /**
     * Says what the media router uses. In production a node without native code is a fault of its installation. The
     * start of {@code dev} stays quiet while all is well.
     */
    private static void report(MediaPlatform platform, NodeSettings settings) {
        boolean slow = !platform.crypto() || (settings.media().nativeTransport() && !platform.epoll());
        Level said = slow ? Level.WARN : Level.INFO;
        Level saidInDev = slow ? Level.INFO : Level.DEBUG;
        LOG.atLevel(settings.dev() ? saidInDev : said)
                .addKeyValue("crypto", platform.crypto() ? "native" : "of the JDK")
                .addKeyValue("epoll", platform.epoll())
                .addKeyValue("segmentation", platform.segmentation())
                .addKeyValue("advertised", platform.advertised())
                .log(
                        slow
                                ? "media without native code, which costs several times the CPU: is there a library for"
                                        + " this machine, and may libraries be loaded from where they are?"
                                : "media uses native code");
        if (!settings.dev()) {
            MediaProcessors.doubts(
                            settings.media().loops(), Runtime.getRuntime().availableProcessors())
                    .forEach(LOG::warn);
        }
    }

    private static void warnAboutPlainSecrets(NodeSettings settings, GatewaySettings gatewaySettings) {
        if (!settings.dev() && gatewaySettings.accountStore().secretsKeys().isEmpty()) {
            LOG.warn("rotunda.account-store.secrets-keys is empty: the secrets of keys and subaccounts that are created"
                    + " while the nodes run are not encrypted in the database");
        }
    }

    /** Returns the limits of this node's roles. */
    private static Map<String, Long> limits(NodeSettings settings, GatewaySettings gatewaySettings) {
        Map<String, Long> limits = new TreeMap<>();
        if (settings.roles().contains(NodeRole.GATEWAY)) {
            limits.putAll(gatewaySettings.limits());
        }
        if (settings.roles().contains(NodeRole.MEDIA)) {
            limits.put("media_transports", (long) settings.media().transportsMax());
        }
        return limits;
    }

    /**
     * Returns the right of this node to form a cluster. With a shared database, also starts the actor that keeps the
     * claim of the cluster. An embedded database needs no claim, because no other node can use it. A claim would only
     * cause a delay: after a node was killed, its next start would have to wait until the claim is stale.
     */
    private static FormingRight formingRight(
            NodeSettings settings, @Nullable Database database, boolean databaseIsEmbedded, ActorSystem<?> system) {
        if (database == null) {
            // Without a database this node has no rooms. If it is configured to be alone, it may form a cluster,
            // because that does no harm. Otherwise it must wait until the other nodes have formed a cluster.
            return settings.cluster().isShared() ? FormingRight.NEVER : FormingRight.ALWAYS;
        }
        if (databaseIsEmbedded) {
            return FormingRight.ALWAYS;
        }
        ClusterClaim claim = new ClusterClaim(database, system.dispatchers().lookup(DispatcherSelector.blocking()));
        ActorRef<ClaimKeeper.Command> keeper =
                system.systemActorOf(ClaimKeeper.create(claim), "claim-keeper", Props.empty());
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(
                CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                "claim-end",
                () -> wasDowned(system)
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : AskPattern.ask(keeper, ClaimKeeper.End::new, CLAIM_END_MAX, system.scheduler())
                                // A claim that could not be given up becomes stale after a while.
                                .exceptionally(late -> Done.getInstance()));
        return ClaimedRight.of(system, claim);
    }

    /** Starts the actor that drains this node. */
    private ActorRef<NodeDrain.Command> startDrain(NodeMetrics metrics, IntSupplier liveGateways) {
        NodeDrain.Progress progress = new NodeDrain.Progress();
        ActorRef<NodeDrain.Command> drain = system.systemActorOf(
                NodeDrain.create(
                        new NodeDrain.Node(
                                settings.roles(),
                                settings.drain(),
                                !settings.cluster().isShared(),
                                permits(),
                                mediaPlane.mediaNode(),
                                Optional.ofNullable(gateway),
                                liveGateways),
                        progress),
                "node-drain",
                Props.empty());
        metrics.drain(progress::state, mediaPlane.drainStatus());
        return drain;
    }

    /** Returns the way to the actor that grants permits to drain. A gateway alone needs none, nor does a node alone. */
    private Optional<ActorRef<DrainPermit.Command>> permits() {
        boolean isNeeded = settings.cluster().isShared()
                && (settings.roles().contains(NodeRole.ROOM) || settings.roles().contains(NodeRole.MEDIA));
        return isNeeded
                ? Optional.of(DrainPermits.init(system, RoomSystem.ROLE, NodeRole.MEDIA.wireName()))
                : Optional.empty();
    }

    /** Registers the steps that come before the actors stop. SIGTERM runs these steps too. */
    private void shutDownInOrder(ActorRef<NodeDrain.Command> drain, IntSupplier liveGateways) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", () -> {
            Readiness.of(system).set(false);
            return wasDowned()
                    ? CompletableFuture.completedFuture(Done.getInstance()) // The cluster goes on without this node.
                    : AskPattern.ask(drain, NodeDrain.BeforeStop::new, drainMax(), system.scheduler())
                            .handle((state, late) -> Done.getInstance());
        });
        Gateway running = gateway;
        if (running != null) {
            shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "gateway-unbind", running::unbind);
            shutdown.addTask(
                    CoordinatedShutdown.PhaseServiceRequestsDone(),
                    "callbacks-stop",
                    () -> running.stopCallbacks(REQUESTS_DONE_MAX));
            shutdown.addTask(
                    CoordinatedShutdown.PhaseServiceRequestsDone(),
                    "gateway-drain",
                    () -> running.drain(liveGateways.getAsInt() - 1)
                            // A client that has not moved to another node in time loses its socket when the process
                            // ends.
                            .exceptionally(late -> Done.getInstance())
                            .thenCompose(done -> running.stop(REQUESTS_DONE_MAX)));
        }
    }

    /** Returns the longest time that the drain of this node takes before it stops. */
    private Duration drainMax() {
        return system.settings()
                .config()
                .getDuration("pekko.coordinated-shutdown.phases.before-service-unbind.timeout");
    }

    /**
     * Returns the base URL of REST and signaling: with TLS, if there is a port with TLS. Empty on a node without the
     * gateway role.
     */
    public String httpUrl() {
        if (gateway == null) {
            return "";
        }
        return gateway.secureAddress()
                .map(secure -> url("https", secure))
                .orElseGet(() -> url("http", gateway.address()));
    }

    private static String url(String scheme, InetSocketAddress address) {
        return scheme + "://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Returns the base URL of {@code /alive}, {@code /ready} and {@code /metrics}. */
    public String managementUrl() {
        return managementUrl;
    }

    public NodeSettings settings() {
        return settings;
    }

    /**
     * Returns the access to the rooms of the cluster.
     *
     * @throws IllegalStateException on a node with the role media alone
     */
    public Rooms rooms() {
        if (rooms == null) {
            throw new IllegalStateException("a node with the role media alone does not reach rooms");
        }
        return rooms.rooms();
    }

    /**
     * Closes the signaling socket of one participant with an error, so that the client resumes its session. Returns
     * whether the participant had a socket on this node.
     */
    public boolean failSocket(ParticipantSid participant) {
        return gateway != null && await(gateway.failSocket(participant), REQUESTS_DONE_MAX);
    }

    /** Returns the version that the other nodes of the cluster see. */
    String version() {
        return Cluster.get(system).selfMember().appVersion().version();
    }

    /** Returns the media nodes that this node knows. */
    public MediaNodes mediaNodes() {
        return mediaPlane.mediaNodes();
    }

    /**
     * Starts another media node in this process, for tests with several media nodes. The other media node stops
     * together with the actor system, or when it gets {@link MediaNode.Stop}.
     *
     * @param id the id of the other media node in placements
     */
    public ActorRef<MediaNode.Command> startAnotherMediaNode(String id) {
        MediaSettings own = settings.media();
        MediaSettings another = new MediaSettings(
                own.bind(),
                0,
                own.loops(),
                List.of(),
                own.transportsMax(),
                own.loopShare(),
                own.egressMax(),
                own.packetsMax(),
                own.nativeTransport(),
                own.segmentation(),
                own.audioWait(),
                own.abandonedAfter(),
                own.traces(),
                own.tcp().withFreePorts());
        return mediaPlane.startMediaNode(
                id, listener -> EventLoopMediaRouter.open(another, listener, new SecureRandom()));
    }

    /**
     * Waits until the node has stopped, because of {@link #close}, a signal, or the loss of its membership in the
     * cluster.
     */
    public void awaitStopped() {
        system.getWhenTerminated().toCompletableFuture().join();
        resources.close();
    }

    /** Downs this node, as the other members of its cluster would do. */
    void downSelf() {
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(new Down(cluster.selfMember().address()));
    }

    /** Returns whether the node stopped because its cluster downed it or could no longer reach it. */
    public boolean wasDowned() {
        return wasDowned(system);
    }

    /** Returns whether the node stopped because clients must be told other addresses from now on. */
    boolean hasOtherAddresses() {
        return CoordinatedShutdown.get(system)
                .getShutdownReason()
                .filter(reason -> reason == StopReason.ADDRESSES_CHANGED)
                .isPresent();
    }

    private static boolean wasDowned(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system)
                .getShutdownReason()
                .filter(CoordinatedShutdown.ClusterDowningReason$.class::isInstance)
                .isPresent();
    }

    /** Leaves the cluster and stops, in the same order as after a signal. */
    @Override
    public void close() {
        await(
                CoordinatedShutdown.get(system).runAll(StopReason.ASKED),
                drainMax().plus(STOP_MAX));
        resources.close();
    }

    /** The reason of a stop, for the log. */
    private enum StopReason implements CoordinatedShutdown.Reason {
        ASKED,
        ADDRESSES_CHANGED
    }

    private static <T> T await(CompletionStage<T> stage, Duration max) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(max.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (cause instanceof IllegalArgumentException refused) {
                throw refused; // The fault is in the configuration.
            }
            String what =
                    cause instanceof TimeoutException ? "not done after " + max.toSeconds() + " s" : cause.getMessage();
            throw new IllegalStateException("the node could not start or stop: " + what, cause);
        }
    }
}
