package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.rotunda.room.readmodel.HousekeepingStatistics;
import org.rotunda.room.readmodel.HousekeepingStatistics.Kind;

/** The statistics of the housekeeping as metrics. The values are read when scraped. */
final class HousekeepingMetrics {
    private HousekeepingMetrics() {}

    static void register(PrometheusRegistry registry, HousekeepingStatistics statistics, Clock clock) {
        CounterWithCallback.builder()
                .name("rotunda_housekeeping_deleted_total")
                .help("Old data that this node has deleted from the database, by kind")
                .labelNames("kind")
                .callback(callback -> {
                    for (Kind kind : Kind.values()) {
                        callback.call((double) statistics.deleted(kind), label(kind));
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("rotunda_housekeeping_runs_total")
                .help("Runs of the housekeeping on this node, by result")
                .labelNames("result")
                .callback(callback -> {
                    callback.call((double) statistics.runs(), "done");
                    callback.call((double) statistics.failedRuns(), "failed");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("rotunda_housekeeping_run_seconds")
                .help("Duration of the last successful run of the housekeeping on this node")
                .callback(callback -> statistics.lastRun().ifPresent(duration -> callback.call(seconds(duration))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("rotunda_housekeeping_oldest_seconds")
                .help("Age of the oldest data of ended rooms that the last run on this node has left, by kind")
                .labelNames("kind")
                .callback(callback -> {
                    for (Kind kind : Kind.values()) {
                        statistics
                                .oldest(kind)
                                .ifPresent(since ->
                                        callback.call(seconds(Duration.between(since, clock.instant())), label(kind)));
                    }
                })
                .register(registry);
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
