package org.rotunda.node.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.rotunda.gateway.insights.InsightsDrop;
import org.rotunda.gateway.insights.InsightsFault;
import org.rotunda.gateway.insights.InsightsStatistics;

/** The statistics of insights sockets as metrics. The values are read when scraped. */
final class InsightsMetrics {
    private InsightsMetrics() {}

    static void register(PrometheusRegistry registry, InsightsStatistics statistics) {
        gauge(registry, "rotunda_insights_sockets", "Insights sockets open", statistics::sockets);
        gauge(registry, "rotunda_insights_waiting", "Insights events that wait for the database", statistics::waiting);
        counter(
                registry,
                "rotunda_insights_connects_total",
                "Insights sockets whose token and room were accepted",
                statistics::accepted);
        counter(
                registry,
                "rotunda_insights_refused_total",
                "Insights sockets refused because of their token or room, or because there were too many",
                statistics::refused);
        counter(registry, "rotunda_insights_stored_total", "Insights events stored", statistics::stored);
        CounterWithCallback.builder()
                .name("rotunda_insights_dropped_total")
                .help("Insights events not stored, by reason")
                .labelNames("reason")
                .callback(callback -> {
                    for (InsightsDrop drop : InsightsDrop.values()) {
                        callback.call((double) statistics.dropped(drop), word(drop));
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("rotunda_insights_malformed_total")
                .help("Insights frames that could not be used, by reason")
                .labelNames("reason")
                .callback(callback -> {
                    for (InsightsFault fault : InsightsFault.values()) {
                        callback.call((double) statistics.faults(fault), word(fault));
                    }
                })
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    private static void counter(PrometheusRegistry registry, String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }
}
