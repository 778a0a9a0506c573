package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.rotunda.gateway.connection.GatewayStatistics;

/** The gateway's statistics as metrics, read when scraped. */
final class GatewayMetrics {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PrometheusRegistry registry;
    private final Supplier<GatewayStatistics.Snapshot> statistics;

    private GatewayMetrics(PrometheusRegistry registry, Supplier<GatewayStatistics.Snapshot> statistics) {
        this.registry = registry;
        this.statistics = statistics;
    }

    static void register(PrometheusRegistry registry, Supplier<GatewayStatistics.Snapshot> statistics) {
        GatewayMetrics metrics = new GatewayMetrics(registry, statistics);
        metrics.counter("rotunda_joins_total", "Connects that were admitted", GatewayStatistics.Snapshot::joins);
        metrics.counter(
                "rotunda_joins_refused_total",
                "Connects that were refused with an error",
                GatewayStatistics.Snapshot::joinsRefused);
        metrics.counter("rotunda_busy_total", "Connects answered with busy", GatewayStatistics.Snapshot::busy);
        metrics.counter(
                "rotunda_resumes_total", "Sessions resumed on another socket", GatewayStatistics.Snapshot::resumes);
        metrics.counter(
                "rotunda_sessions_lost_total",
                "Sockets lost under a session",
                GatewayStatistics.Snapshot::sessionsLost);
        metrics.counter(
                "rotunda_signaling_frames_in_total",
                "Signaling frames received",
                GatewayStatistics.Snapshot::framesReceived);
        metrics.counter(
                "rotunda_signaling_frames_out_total", "Signaling frames sent", GatewayStatistics.Snapshot::framesSent);
        metrics.counter(
                "rotunda_signaling_overflows_total",
                "Sockets failed because their client did not read",
                GatewayStatistics.Snapshot::overflows);
        metrics.counter("rotunda_rest_requests_total", "REST requests", GatewayStatistics.Snapshot::restRequests);
        metrics.counter(
                "rotunda_rest_errors_total",
                "REST requests answered with an error",
                GatewayStatistics.Snapshot::restErrors);
        metrics.sessions();
        metrics.malformed();
        registry.register((Collector) metrics::joinLatency);
    }

    private void counter(String name, String help, ToDoubleFunction<GatewayStatistics.Snapshot> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(statistics.get())))
                .register(registry);
    }

    private void sessions() {
        GaugeWithCallback.builder()
                .name("rotunda_sessions")
                .help("Signaling connections open")
                .callback(callback -> callback.call((double) statistics.get().sessionsOpen()))
                .register(registry);
    }

    private void malformed() {
        CounterWithCallback.builder()
                .name("rotunda_signaling_malformed_total")
                .help("Signaling frames that could not be understood, by reason")
                .labelNames("reason")
                .callback(callback -> statistics
                        .get()
                        .malformed()
                        .forEach((reason, count) ->
                                callback.call(count, reason.name().toLowerCase(Locale.ROOT))))
                .register(registry);
    }

    /** From the connect message to its answer. */
    private MetricSnapshot joinLatency() {
        GatewayStatistics.Snapshot snapshot = statistics.get();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        List<Long> bounds = GatewayStatistics.JOIN_LATENCY_BUCKETS_MS;
        for (int i = 0; i < snapshot.joinLatencyCounts().size(); i++) {
            double bound = i < bounds.size() ? bounds.get(i) / MILLIS_PER_SECOND : Double.POSITIVE_INFINITY;
            buckets.bucket(bound, snapshot.joinLatencyCounts().get(i));
        }
        return HistogramSnapshot.builder()
                .name("rotunda_join_latency_seconds")
                .help("Time from a connect to its answer")
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(snapshot.joinLatencySumMs() / MILLIS_PER_SECOND)
                        .build())
                .build();
    }
}
