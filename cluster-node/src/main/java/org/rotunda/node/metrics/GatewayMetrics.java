package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.rotunda.gateway.connection.GatewayStatistics;

/** The gateway's statistics as metrics. The values are read when scraped. */
final class GatewayMetrics {

    private final PrometheusRegistry registry;
    private final Supplier<GatewayStatistics.Snapshot> statistics;

    private GatewayMetrics(PrometheusRegistry registry, Supplier<GatewayStatistics.Snapshot> statistics) {
        this.registry = registry;
        this.statistics = statistics;
    }

    static void register(PrometheusRegistry registry, Supplier<GatewayStatistics.Snapshot> statistics) {
        GatewayMetrics metrics = new GatewayMetrics(registry, statistics);
        metrics.counter("rotunda_busy_total", "Connects answered with busy", GatewayStatistics.Snapshot::busy);
        metrics.counter(
                "rotunda_resumes_total", "Sessions resumed on another socket", GatewayStatistics.Snapshot::resumes);
        metrics.counter(
                "rotunda_sessions_lost_total",
                "Sockets that were lost while their session went on",
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
        metrics.counter(
                "rotunda_signaling_throttled_total",
                "Signaling frames after which their client had to wait, because it had sent too much",
                GatewayStatistics.Snapshot::throttled);
        metrics.joins();
        metrics.gauge("rotunda_sessions", "Signaling sockets open", GatewayStatistics.Snapshot::sessionsOpen);
        metrics.gauge(
                "rotunda_joins_waiting",
                "Clients that wait until the node has finished other joins",
                GatewayStatistics.Snapshot::joinsWaiting);
        metrics.gauge(
                "rotunda_joins_under_way_max",
                "Joins that may be under way, adapted to the time that they take",
                GatewayStatistics.Snapshot::joinsUnderWayMax);
        metrics.malformed();
        registry.register((Collector) metrics::joinLatency);
        registry.register((Collector) metrics::joinWait);
        registry.register((Collector) metrics::requests);
    }

    private void counter(String name, String help, ToDoubleFunction<GatewayStatistics.Snapshot> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(statistics.get())))
                .register(registry);
    }

    private void gauge(String name, String help, ToDoubleFunction<GatewayStatistics.Snapshot> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(statistics.get())))
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

    private void joins() {
        CounterWithCallback.builder()
                .name("rotunda_joins_total")
                .help("Connects, by result and by the error code the client was told")
                .labelNames("result", "code")
                .callback(callback -> statistics
                        .get()
                        .joins()
                        .forEach((outcome, count) ->
                                callback.call(count, outcome.result().name().toLowerCase(Locale.ROOT), outcome.code())))
                .register(registry);
    }

    private MetricSnapshot joinLatency() {
        return HistogramSnapshot.builder()
                .name("rotunda_join_latency_seconds")
                .help("Time from a connect that was let in to its answer")
                .dataPoint(Histograms.dataPoint(statistics.get().joinLatency(), Labels.EMPTY))
                .build();
    }

    private MetricSnapshot joinWait() {
        return HistogramSnapshot.builder()
                .name("rotunda_join_wait_seconds")
                .help("Time that clients waited for their turn to join; those that never waited are left out")
                .dataPoint(Histograms.dataPoint(statistics.get().joinWait(), Labels.EMPTY))
                .build();
    }

    private MetricSnapshot requests() {
        HistogramSnapshot.Builder requests = HistogramSnapshot.builder()
                .name("rotunda_http_request_duration_seconds")
                .help("Time from an HTTP request to its answer, by route, method and status");
        statistics
                .get()
                .requests()
                .forEach((outcome, latency) -> requests.dataPoint(Histograms.dataPoint(
                        latency,
                        Labels.of(
                                "route", outcome.route(),
                                "method", outcome.method(),
                                "status", Integer.toString(outcome.status())))));
        return requests.build();
    }
}
