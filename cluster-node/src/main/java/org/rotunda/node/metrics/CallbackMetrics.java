package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.rotunda.gateway.callback.CallbackStatistics;
import org.rotunda.media.control.Histogram;

/** The statistics of status callbacks as metrics. The values are read when scraped. */
final class CallbackMetrics {
    private final PrometheusRegistry registry;
    private final Supplier<CallbackStatistics.Snapshot> statistics;

    private CallbackMetrics(PrometheusRegistry registry, Supplier<CallbackStatistics.Snapshot> statistics) {
        this.registry = registry;
        this.statistics = statistics;
    }

    static void register(PrometheusRegistry registry, Supplier<CallbackStatistics.Snapshot> statistics) {
        CallbackMetrics metrics = new CallbackMetrics(registry, statistics);
        metrics.counter(
                "rotunda_callback_attempts_total",
                "Attempts to deliver status callbacks, by result",
                "result",
                CallbackStatistics.Snapshot::attempts);
        metrics.counter(
                "rotunda_callbacks_given_up_total",
                "Status callbacks given up, by the failure of their last attempt",
                "failure",
                CallbackStatistics.Snapshot::givenUp);
        GaugeWithCallback.builder()
                .name("rotunda_callbacks_in_flight")
                .help("Status callbacks that are being sent")
                .callback(callback -> callback.call((double) statistics.get().inFlight()))
                .register(registry);
        metrics.histogram(
                "rotunda_callback_attempt_seconds",
                "Time from the start of an attempt to its result",
                CallbackStatistics.Snapshot::attemptTimes);
        metrics.histogram(
                "rotunda_callback_delay_seconds",
                "Time from an event to the delivery of its status callback",
                CallbackStatistics.Snapshot::delays);
    }

    private void counter(
            String name, String help, String label, Function<CallbackStatistics.Snapshot, Map<String, Long>> counts) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback ->
                        counts.apply(statistics.get()).forEach((value, count) -> callback.call(count, value)))
                .register(registry);
    }

    private void histogram(String name, String help, Function<CallbackStatistics.Snapshot, Histogram> value) {
        registry.register((Collector) () -> HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(Histograms.dataPoint(value.apply(statistics.get()), Labels.EMPTY))
                .build());
    }
}
