package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.rotunda.gateway.connection.GatewayStatistics;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.node.config.NodeRole;
import org.rotunda.room.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.nodewatch.WatchStatistics;
import org.rotunda.room.readmodel.DatabaseHealth;

/** All metrics of one node. Each part is registered when it has been started; all are read when scraped. */
public final class NodeMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry;
    private final ClassicActorSystemProvider system;

    private NodeMetrics(PrometheusRegistry registry, ClassicActorSystemProvider system) {
        this.registry = registry;
        this.system = system;
    }

    /** The metrics of this actor system, with those of the JVM. Called once. */
    public static NodeMetrics of(ClassicActorSystemProvider system) {
        PrometheusRegistry registry = MetricsRoutes.of(system).registry();
        JvmMetrics.builder().register(registry);
        return new NodeMetrics(registry, system);
    }

    /** What this node is, and what it sees of its cluster. */
    public void cluster(Collection<NodeRole> roles, BuildInfo build) {
        ClusterMetrics.register(registry, system, roles, build);
    }

    public void media(Supplier<MediaStatistics> statistics) {
        MediaMetrics.register(registry, statistics);
    }

    public void rooms(RoomStatistics statistics) {
        gauge("rotunda_rooms", "Rooms in progress in this process", statistics::rooms);
        gauge("rotunda_participants", "Participants of the rooms in this process", statistics::participants);
        gauge("rotunda_tracks", "Published tracks of the rooms in this process", statistics::tracks);
        counter("rotunda_answers_overdue_total", "Offers a client left without answer", statistics::answersOverdue);
        counter(
                "rotunda_answers_given_up_total",
                "Connections given up because a second offer, on a fresh connection, was not answered either",
                statistics::answersGivenUp);
        counter(
                "rotunda_rooms_busy_total",
                "Commands refused as busy because the journal was away or too much was waiting",
                statistics::refusedBusy);
        counter(
                "rotunda_rooms_unheard_total",
                "Changes that found a full queue; their sessions were made to synchronise",
                statistics::unheard);
        counter("rotunda_moves_total", "Connections moved to another media node", statistics::moved);
        counter(
                "rotunda_desired_resent_total",
                "Desired states sent again because a media node did not acknowledge them",
                statistics::desiredResent);
    }

    /** Whom this node may hand participants to. */
    public void mediaNodes(MediaNodes nodes) {
        gauge(
                "rotunda_media_nodes",
                "Media nodes that live as far as this node knows",
                () -> nodes.live().size());
    }

    public void watch(WatchStatistics statistics, Fence fence) {
        gauge("rotunda_peers", "Other nodes whose beats are heard here", statistics::peers);
        counter("rotunda_nodes_lost_total", "Nodes counted as lost by this one", statistics::nodesLost);
        gauge(
                "rotunda_beat_lateness_seconds",
                "By how much the latest beat of another node was late, since the last collection",
                () -> statistics.takeBeatLateNanosMax() / NANOS_PER_SECOND);
        gauge(
                "rotunda_watch_lateness_seconds",
                "By how much this node's own tick was late at the most, since the last collection",
                () -> statistics.takeTickLateNanosMax() / NANOS_PER_SECOND);
        gauge("rotunda_fence_held", "1 while this node decides nothing for its rooms", () -> fence.isHeld() ? 1 : 0);
    }

    public void database(DatabaseHealth health) {
        gauge("rotunda_database_up", "Whether the database answers this node", () -> health.isAway() ? 0 : 1);
    }

    public void gateway(GatewayStatistics statistics) {
        GatewayMetrics.register(registry, statistics::snapshot);
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
