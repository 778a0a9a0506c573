package org.rotunda.load.bench;

import java.util.Map;
import java.util.TreeMap;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ProcessUsage;

/**
 * The node at one moment.
 *
 * @param nanos when, on the scale of {@link System#nanoTime}
 */
record NodeSample(long nanos, ProcessUsage usage, Metrics metrics) {
    static final String MEDIA_LOOPS = "media-loop"; // How the product names their threads.

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

    double routerDrops() {
        return metrics.sum(DROPS);
    }

    /** What the router dropped since an earlier look, by reason; reasons of which there was none are left out. */
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

    /** In seconds. */
    BucketCounts routerDelays() {
        return BucketCounts.of(metrics, DELAY);
    }

    double cpuSeconds(NodeSample earlier) {
        return (usage.cpuNanos() - earlier.usage.cpuNanos()) / 1e9;
    }

    double loopCpuSeconds(NodeSample earlier) {
        return (usage.cpuNanosOfThreads(MEDIA_LOOPS) - earlier.usage.cpuNanosOfThreads(MEDIA_LOOPS)) / 1e9;
    }
}
