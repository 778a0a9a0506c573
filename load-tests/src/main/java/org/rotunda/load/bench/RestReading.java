package org.rotunda.load.bench;

import java.util.EnumMap;
import java.util.Map;

/**
 * The resources that all processes of the REST bench have used so far.
 *
 * @param node the node's metrics and usage
 * @param databaseCpuNanos the processor time of each process of PostgreSQL, by process id; empty if it is not known
 * @param benchCpuNanos the processor time of the bench itself, which sends requests and receives callbacks
 * @param machine the time of all processors
 */
record RestReading(NodeSample node, Map<Long, Long> databaseCpuNanos, long benchCpuNanos, Machine.CpuTime machine) {
    /** The metric with the number of attempts to deliver a callback, by result. */
    private static final String ATTEMPTS = "rotunda_callback_attempts_total";

    private static final String ATTEMPT_SECONDS = "rotunda_callback_attempt_seconds";
    private static final String DELIVERED = "delivered";
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;

    RestReading {
        databaseCpuNanos = Map.copyOf(databaseCpuNanos);
    }

    /** Returns the figures of a loop of requests. The loop was between an earlier reading and this one. */
    Map<RestFigure, Double> ofRequests(RestReading earlier, ClosedLoop.Result result) {
        Map<RestFigure, Double> figures = usage(earlier, result.requests());
        figures.put(RestFigure.PER_SECOND, result.perSecond());
        figures.put(RestFigure.P50, result.millis(0.5));
        figures.put(RestFigure.P99, result.millis(0.99));
        figures.put(RestFigure.MAX, result.millis(1));
        return figures;
    }

    /**
     * Returns the figures of a delivery of callbacks. The delivery was between an earlier reading and this one. The
     * times are those of the node's attempts.
     */
    Map<RestFigure, Double> ofCallbacks(RestReading earlier, CallbackCounter.Count count) {
        Map<RestFigure, Double> figures = usage(earlier, count.callbacks());
        BucketCounts attempts = BucketCounts.of(node.metrics(), ATTEMPT_SECONDS)
                .since(BucketCounts.of(earlier.node.metrics(), ATTEMPT_SECONDS));
        figures.put(RestFigure.PER_SECOND, count.perSecond());
        figures.put(RestFigure.P50, attempts.percentile(0.5) * MILLIS_PER_SECOND);
        figures.put(RestFigure.P99, attempts.percentile(0.99) * MILLIS_PER_SECOND);
        return figures;
    }

    /** Returns the number of attempts to deliver a callback that have failed since an earlier reading. */
    long failedAttempts(RestReading earlier) {
        return Math.round(failedAttempts(node) - failedAttempts(earlier.node));
    }

    private static double failedAttempts(NodeSample sample) {
        return sample.metrics().byLabel(ATTEMPTS, "result").entrySet().stream()
                .filter(result -> !result.getKey().equals(DELIVERED))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private Map<RestFigure, Double> usage(RestReading earlier, long operations) {
        double seconds = node.seconds(earlier.node);
        Map<RestFigure, Double> figures = new EnumMap<>(RestFigure.class);
        double nodeSeconds = node.cpuSeconds(earlier.node);
        figures.put(
                RestFigure.NODE_CPU_EACH, operations == 0 ? Double.NaN : nodeSeconds * MICROS_PER_SECOND / operations);
        figures.put(RestFigure.NODE_CORES, nodeSeconds / seconds);
        if (!databaseCpuNanos.isEmpty()) {
            figures.put(RestFigure.DATABASE_CORES, databaseNanos(earlier) / 1e9 / seconds);
        }
        figures.put(RestFigure.BENCH_CORES, (benchCpuNanos - earlier.benchCpuNanos) / 1e9 / seconds);
        figures.put(RestFigure.STOLEN_RATIO, machine.stolenRatioSince(earlier.machine));
        return figures;
    }

    /** Adds up the time of the processes that live at the end. Processes that ended meanwhile are not known any more. */
    private long databaseNanos(RestReading earlier) {
        return databaseCpuNanos.entrySet().stream()
                .mapToLong(process -> process.getValue() - earlier.databaseCpuNanos.getOrDefault(process.getKey(), 0L))
                .sum();
    }
}
