package org.rotunda.media.control;

import java.util.Map;

/**
 * A router's counters since start, and gauges of now.
 *
 * @param drops packets and messages not processed, by reason
 * @param segmentsPerSend how many sends carried how many datagrams, by the upper bound of the bucket
 * @param loopLagNanosMax the longest recent delay between a due wake-up and its run, over all loops
 * @param kernelReceiveDrops datagrams the kernel dropped because a receive buffer was full
 */
public record MediaStatistics(
        int rooms,
        int transports,
        int publications,
        int subscriptions,
        long packetsIn,
        long bytesIn,
        long packetsOut,
        long bytesOut,
        long keyFrameRequests,
        long retransmissions,
        Map<String, Long> drops,
        Map<Integer, Long> segmentsPerSend,
        long loopLagNanosMax,
        long kernelReceiveDrops) {
    public MediaStatistics {
        drops = Map.copyOf(drops);
        segmentsPerSend = Map.copyOf(segmentsPerSend);
    }
}
