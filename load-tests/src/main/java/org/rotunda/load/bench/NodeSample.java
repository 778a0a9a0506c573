package org.rotunda.load.bench;

import java.util.Map;
import java.util.TreeMap;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ProcessUsage;

/**
 * The metrics and the resource usage of the node at one moment.
 *
 * @param nanos the moment, on the scale of {@link System#nanoTime}
 */
record NodeSample(long nanos, ProcessUsage usage, Metrics metrics) {
    static final String MEDIA_LOOPS = "media-loop"; // The prefix of the names of the product's media threads.

    /** The prefix of the names of the threads that run actors, as far as the kernel keeps it. */
    static final String ACTORS = "rotunda-pekko.";

    private static final String DROPS = "rotunda_media_drops_total";
    private static final String DELAY = "rotunda_media_router_delay_seconds";

    double seconds(NodeSample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    double forwarded() {
        return metrics.value("rotunda_media_packets_forwarded_total");
    }

    double datagramsOut() {
        return metrics.value("rotunda_media_packets_out_total");
    }

    double sends() {
        return metrics.sum("rotunda_media_sends_total");
    }

    double kernelReceiveDrops() {
        return metrics.value("rotunda_media_kernel_receive_drops_total");
    }

    double loopLagSeconds() {
        return metrics.value("rotunda_media_loop_lag_seconds");
    }

    double routerDrops() {
        return metrics.sum(DROPS);
    }

    /**
     * Returns the number of the router's drops since an earlier sample, by reason. Reasons without drops are left out.
     */
    Map<String, Long> routerDropsSince(NodeSample earlier) {
        Map<String, Double> before = earlier.metrics.byLabel(DROPS, "reason");
        Map<String, Long> drops = new TreeMap<>();
        metrics.byLabel(DROPS, "reason").forEach((reason, count) -> {
            long since = Math.round(count - before.getOrDefault(reason, 0.0));
            if (since > 0) {
                drops.put(reason, since);
            }
        });
        return drops;
    }

    /** Returns the delays of packets in the router, in seconds. */
    BucketCounts routerDelays() {
        return BucketCounts.of(metrics, DELAY);
    }

    double cpuSeconds(NodeSample earlier) {
        return (usage.cpuNanos() - earlier.usage.cpuNanos()) / 1e9;
    }

    double roomMessages() {
        return metrics.sum("rotunda_rooms_media_messages_total");
    }

    double actorCpuSeconds(NodeSample earlier) {
        return (usage.cpuNanosOfThreads(ACTORS) - earlier.usage.cpuNanosOfThreads(ACTORS)) / 1e9;
    }

    double loopCpuSeconds(NodeSample earlier) {
        return (usage.cpuNanosOfThreads(MEDIA_LOOPS) - earlier.usage.cpuNanosOfThreads(MEDIA_LOOPS)) / 1e9;
    }
}
