package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Clock;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.rotunda.gateway.account.AccountStatistics;
import org.rotunda.gateway.callback.CallbackStatistics;
import org.rotunda.gateway.connection.GatewayStatistics;
import org.rotunda.gateway.insights.InsightsStatistics;
import org.rotunda.gateway.limit.LimitStatistics;
import org.rotunda.gateway.limit.RateLimit;
import org.rotunda.gateway.tls.TlsStatistics;
import org.rotunda.media.control.Histogram;
import org.rotunda.media.control.MediaPlatform;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.node.config.NodeRole;
import org.rotunda.node.drain.DrainReport;
import org.rotunda.node.lifeline.LifelineListener;
import org.rotunda.room.call.FaultPlace;
import org.rotunda.room.call.MoveReason;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.DrainStatus;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.nodewatch.WatchStatistics;
import org.rotunda.room.pair.PairOutcome;
import org.rotunda.room.quota.QuotaStatistics;
import org.rotunda.room.quota.SeatKind;
import org.rotunda.room.readmodel.DatabaseHealth;
import org.rotunda.room.readmodel.HousekeepingStatistics;

/**
 * The metrics of one node. The parts of the node are registered after their start. All values are read when scraped.
 */
public final class NodeMetrics {
    private final PrometheusRegistry registry;
    private final ClassicActorSystemProvider system;

    private NodeMetrics(PrometheusRegistry registry, ClassicActorSystemProvider system) {
        this.registry = registry;
        this.system = system;
    }

    /** Creates the metrics of this actor system and registers the metrics of the JVM. Called once. */
    public static NodeMetrics of(ClassicActorSystemProvider system) {
        PrometheusRegistry registry = MetricsRoutes.of(system).registry();
        JvmMetrics.builder().register(registry);
        return new NodeMetrics(registry, system);
    }

    /** Registers the metrics of the node itself and of its cluster. */
    public void cluster(Collection<NodeRole> roles, BuildInfo build) {
        ClusterMetrics.register(registry, system, roles, build);
    }

    public void media(Supplier<MediaStatistics> statistics) {
        MediaMetrics.register(registry, statistics);
    }

    /** Registers what the media router uses of its machine, and what clients are told. */
    public void platform(MediaPlatform platform) {
        Gauge used = Gauge.builder()
                .name("rotunda_native")
                .help("1 for native code that the media router uses, 0 for code that it does without")
                .labelNames("what")
                .register(registry);
        Map.of("crypto", platform.crypto(), "epoll", platform.epoll(), "segmentation", platform.segmentation())
                .forEach((what, isUsed) -> used.labelValues(what).set(isUsed ? 1 : 0));
        Gauge advertised = Gauge.builder()
                .name("rotunda_media_advertised")
                .help("The address that clients are told for each loop; always 1")
                .labelNames("loop", "address")
                .register(registry);
        for (int loop = 0; loop < platform.advertised().size(); loop++) {
            advertised
                    .labelValues(Integer.toString(loop), platform.advertised().get(loop))
                    .set(1);
        }
    }

    public void rooms(RoomStatistics statistics) {
        gauge("rotunda_rooms", "Rooms in progress in this process", statistics::rooms);
        gauge("rotunda_participants", "Participants of the rooms in this process", statistics::participants);
        gauge("rotunda_tracks", "Published tracks of the rooms in this process", statistics::tracks);
        counter(
                "rotunda_answers_overdue_total",
                "Offers that a client did not answer in time",
                statistics::answersOverdue);
        counter(
                "rotunda_answers_given_up_total",
                "Connections given up because a second offer, on a fresh connection, was not answered either",
                statistics::answersGivenUp);
        counter(
                "rotunda_rooms_busy_total",
                "Commands refused as busy because the journal was away, too much was waiting, or no media node had a"
                        + " place",
                statistics::refusedBusy);
        counter(
                "rotunda_rooms_updates_dropped_total",
                "Updates of clients that could not be kept because the journal was away; their clients synced",
                statistics::updatesDropped);
        counter(
                "rotunda_rooms_updates_merged_total",
                "Updates of clients that were merged with an update that still waited for the journal",
                statistics::updatesMerged);
        CounterWithCallback.builder()
                .name("rotunda_moves_total")
                .help("Transports that went to another media node or were replaced, by reason")
                .labelNames("reason")
                .callback(callback -> {
                    for (MoveReason reason : MoveReason.values()) {
                        callback.call(
                                (double) statistics.moved(reason), reason.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("rotunda_member_faults_total")
                .help("Participants who had to leave because of a defect of this program, by the place of the defect")
                .labelNames("place")
                .callback(callback -> {
                    for (FaultPlace place : FaultPlace.values()) {
                        callback.call(
                                (double) statistics.memberFaults(place),
                                place.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("rotunda_pair_messages_total")
                .help("Descriptions and lists of candidates of clients in rooms without a media server, by outcome")
                .labelNames("outcome")
                .callback(callback -> {
                    for (PairOutcome outcome : PairOutcome.values()) {
                        callback.call(
                                (double) statistics.pairMessages(outcome),
                                outcome.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        histogram(
                "rotunda_move_gap_seconds",
                "Time from a move until the client had followed, as its room sees it",
                statistics::moveGaps);
        counter(
                "rotunda_desired_resent_total",
                "Desired states sent again because a media node did not acknowledge them",
                statistics::desiredResent);
        counter("rotunda_allocations_total", "Decisions about the layers of one subscriber", statistics::allocations);
        counter("rotunda_speaker_notices_total", "Messages that told a client who speaks", statistics::speakerChanges);
        BandwidthMetrics.register(registry, statistics);
    }

    /** Registers the number of media nodes that this node counts as alive. */
    public void mediaNodes(MediaNodes nodes) {
        gauge(
                "rotunda_media_nodes",
                "Media nodes that this node counts as alive",
                () -> nodes.live().size());
    }

    /**
     * Registers the drain of this node.
     *
     * @param media the drain of its media node; empty on a node without the role media
     */
    public void drain(Supplier<DrainReport.State> state, Optional<Supplier<DrainStatus>> media) {
        GaugeWithCallback.builder()
                .name("rotunda_drain_state")
                .help("1 for the present state of the drain of this node, 0 for the others")
                .labelNames("state")
                .callback(callback -> {
                    DrainReport.State present = state.get();
                    for (DrainReport.State each : DrainReport.State.values()) {
                        callback.call(each == present ? 1 : 0, each.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        media.ifPresent(status -> {
            gauge(
                    "rotunda_drain_moved",
                    "Connections of rooms that have decided to leave this node in the present drain",
                    () -> status.get().moved());
            gauge(
                    "rotunda_drain_leaving",
                    "Connections that are still on this node although their rooms have decided to leave",
                    () -> status.get().leaving());
            gauge(
                    "rotunda_drain_left",
                    "Connections that are still on this node, and whose rooms have not decided to leave",
                    () -> status.get().left());
            gauge(
                    "rotunda_drain_blocked",
                    "1 while rooms cannot leave because no media node can take them",
                    () -> status.get().blocked() ? 1 : 0);
        });
    }

    public void watch(WatchStatistics statistics, Fence fence) {
        gauge("rotunda_peers", "Other nodes whose beats are heard here", statistics::peers);
        counter("rotunda_nodes_lost_total", "Nodes counted as lost by this one", statistics::nodesLost);
        gauge("rotunda_lifelines", "Open lifelines from this room node to the nodes it watches", statistics::lifelines);
        counter(
                "rotunda_nodes_ended_total",
                "Nodes whose processes this one found ended by their lifelines",
                statistics::nodesEnded);
        histogram(
                "rotunda_beat_lateness_seconds",
                "By how much beats of other nodes were late",
                () -> statistics.beatLateness().snapshot());
        histogram(
                "rotunda_watch_lateness_seconds",
                "By how much this node's own ticks were late",
                () -> statistics.tickLateness().snapshot());
        gauge(
                "rotunda_fence_held",
                "1 while the fence is held: this node decides nothing for its rooms",
                () -> fence.isHeld() ? 1 : 0);
    }

    /** @param listener the listener of this process; without one, the values are 0 */
    public void lifelines(Optional<LifelineListener> listener) {
        gauge(
                "rotunda_lifeline_connections",
                "Lifelines of other nodes to this process",
                () -> listener.map(LifelineListener::connections).orElse(0));
        counter(
                "rotunda_lifeline_refusals_total",
                "Connections to the lifeline port that were closed because there were too many",
                () -> listener.map(LifelineListener::refusals).orElse(0L));
        counter(
                "rotunda_lifeline_strangers_total",
                "Connections to the lifeline port that were closed because something arrived on them",
                () -> listener.map(LifelineListener::strangers).orElse(0L));
    }

    public void database(DatabaseHealth health) {
        gauge("rotunda_database_up", "1 while the database answers this node, else 0", () -> health.isAway() ? 0 : 1);
    }

    public void housekeeping(HousekeepingStatistics statistics, Clock clock) {
        HousekeepingMetrics.register(registry, statistics, clock);
    }

    public void gateway(GatewayStatistics statistics) {
        GatewayMetrics.register(registry, statistics::snapshot);
    }

    public void callbacks(CallbackStatistics statistics) {
        CallbackMetrics.register(registry, statistics::snapshot);
    }

    public void insights(InsightsStatistics statistics) {
        InsightsMetrics.register(registry, statistics);
    }

    public void accounts(AccountStatistics statistics) {
        gauge("rotunda_accounts", "Accounts that this node accepts or knows as suspended", statistics::accounts);
        gauge("rotunda_account_keys", "API keys that this node accepts", statistics::keys);
        gauge(
                "rotunda_account_secrets_unreadable",
                "Accounts and keys in the database whose secrets this node cannot decrypt",
                statistics::unreadable);
        gauge(
                "rotunda_account_refresh_age_seconds",
                "Time since this node last read the changes of accounts and keys from the database",
                () -> statistics.age().toMillis() / 1000.0);
        counter(
                "rotunda_account_refresh_failures_total",
                "Reads of accounts and keys that failed; the last state stays in use",
                statistics::refreshFailures);
    }

    /** Registers the figures of the HTTPS port's certificate. */
    public void tls(TlsStatistics statistics) {
        gauge(
                "rotunda_tls_certificate_not_after_seconds",
                "Time until which the certificate of the HTTPS port is valid, in seconds since 1970",
                () -> statistics.notAfter().getEpochSecond());
        counter(
                "rotunda_tls_reloads_total",
                "Changed certificates of the HTTPS port that were taken over",
                statistics::reloads);
        counter(
                "rotunda_tls_reload_failures_total",
                "Changed certificates or keys of the HTTPS port that could not be used; the last ones stayed in use",
                statistics::failures);
    }

    /** Registers the quotas of the accounts whose entities are in this process, and the requests of its rooms. */
    public void quotas(QuotaStatistics statistics) {
        GaugeWithCallback.builder()
                .name("rotunda_quota_seats")
                .help("Rooms and participants counted against quotas by the accounts in this process, by kind")
                .labelNames("kind")
                .callback(callback -> {
                    for (SeatKind kind : SeatKind.values()) {
                        callback.call((double) statistics.taken(kind), word(kind));
                    }
                })
                .register(registry);
        byKind("rotunda_quota_refused_total", "Rooms and participants refused because of a quota", statistics::refused);
        byKind("rotunda_quota_warnings_total", "Times that an account had used 70 % of a quota", statistics::warnings);
        counter(
                "rotunda_quota_expired_total",
                "Rooms that were no longer counted because they had not been heard of for too long",
                statistics::expired);
        counter(
                "rotunda_quota_unanswered_total",
                "Requests for a seat that the account's entity did not answer in time",
                statistics::unanswered);
        counter(
                "rotunda_quota_uncounted_total",
                "Rooms and participants admitted because the account's entity had been silent for too long",
                statistics::uncounted);
    }

    private void byKind(String name, String help, ToLongFunction<SeatKind> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("kind")
                .callback(callback -> {
                    for (SeatKind kind : SeatKind.values()) {
                        callback.call((double) value.applyAsLong(kind), word(kind));
                    }
                })
                .register(registry);
    }

    private static String word(SeatKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    public void requestRates(LimitStatistics statistics) {
        CounterWithCallback.builder()
                .name("rotunda_rate_limited_total")
                .help("Requests and connects refused because their account or address sent too many, by limit")
                .labelNames("limit")
                .callback(callback -> {
                    for (RateLimit limit : RateLimit.values()) {
                        callback.call(
                                (double) statistics.refused(limit), limit.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        gauge(
                "rotunda_rate_gateways",
                "Live gateways that share the request rates of accounts, as this node sees it",
                statistics::gateways);
        counter(
                "rotunda_rate_keys_forgotten_total",
                "Accounts and addresses whose use was forgotten too early, because there were too many",
                statistics::forgotten);
    }

    /** Registers the limits of this node by name. They are constant while the node runs. */
    public void limits(Map<String, Long> limits) {
        Gauge gauge = Gauge.builder()
                .name("rotunda_limit")
                .help("Limits of this node, by name")
                .labelNames("name")
                .register(registry);
        limits.forEach((name, limit) -> gauge.labelValues(name).set(limit));
    }

    private void histogram(String name, String help, Supplier<Histogram> value) {
        registry.register((Collector) () -> HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(Histograms.dataPoint(value.get(), Labels.EMPTY))
                .build());
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}
