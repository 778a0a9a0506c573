package org.rotunda.media.control;

import java.util.Map;

/**
 * A router's counters since start, and gauges of now.
 *
 * @param packetsForwarded media packets sent to subscribers, those sent again not among them; {@code packetsOut} has
 *     all datagrams
 * @param drops packets and messages not processed, by reason
 * @param segmentsPerSend how many sends carried how many datagrams, by the upper bound of the bucket
 * @param routerDelays of datagrams sent, from the read of the batch that caused them to the return of the system call
 *     that sent them
 * @param quality of the networks to the clients
 * @param loopLagNanosMax the longest delay between a due wake-up and its run in the last 15 to 30 s, over all loops
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
        long packetsForwarded,
        long keyFrameRequests,
        long retransmissions,
        Map<String, Long> drops,
        Map<Integer, Long> segmentsPerSend,
        DelayDistribution routerDelays,
        NetworkQuality quality,
        long loopLagNanosMax,
        long kernelReceiveDrops) {
    /** The statistics of a router that has done nothing yet. */
    public static final MediaStatistics NONE = new MediaStatistics(
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of(), DelayDistribution.NONE, NetworkQuality.NONE, 0, 0);

    public MediaStatistics {
        drops = Map.copyOf(drops);
        segmentsPerSend = Map.copyOf(segmentsPerSend);
    }
}
