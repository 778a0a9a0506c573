package org.rotunda.media.control;

import java.util.Map;

/**
 * The counters of a router since its start, and its current gauges.
 *
 * @param packetsForwarded the media packets sent to subscribers, without resent packets; {@code packetsOut} counts all
 *     datagrams
 * @param packetsRelayed the packets and data messages passed from one event loop of the node to another, because a room is
 *     on both
 * @param drops the numbers of packets and messages that were not processed, by reason
 * @param faults the numbers of transports that a defect of ours has ended, by the place of the defect; the place {@code
 *     loop} counts defects that belong to no transport
 * @param segmentsPerSend a histogram of the datagrams in one send: the key is the upper end of a bucket, the value is
 *     the number of sends
 * @param routerDelays the delays of the sent datagrams, from the read of the batch that caused a datagram to the return
 *     of the system call that sent it
 * @param quality the quality of the networks to the clients
 * @param loopLagNanosMax the longest delay of a wake-up of any loop in the last 15 to 30 s
 * @param slowTurns the number of loop turns that took 50 ms or more
 * @param kernelReceiveDrops the datagrams that the kernel dropped because a receive buffer was full
 * @param load the used share of the node's capacity, from 0 to 1. It is the largest of four shares: the mean busy share
 *     of the busiest quarter of the loops, and the used shares of {@code transports-max}, {@code egress-max} and {@code
 *     packets-max}. Rates and busy shares are means over the last 10 s
 * @param tcp the TCP connections of clients whose network lets no UDP through
 * @param downlinks the networks to subscribers
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
        long packetsRelayed,
        long keyFrameRequests,
        long retransmissions,
        Map<String, Long> drops,
        Map<String, Long> faults,
        Map<Integer, Long> segmentsPerSend,
        DelayDistribution routerDelays,
        NetworkQuality quality,
        long loopLagNanosMax,
        long slowTurns,
        long kernelReceiveDrops,
        double load,
        TcpStatistics tcp,
        DownlinkStatistics downlinks) {
    /** The statistics of a router that has done nothing yet. */
    public static final MediaStatistics NONE = new MediaStatistics(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            Map.of(),
            Map.of(),
            DelayDistribution.NONE,
            NetworkQuality.NONE,
            0,
            0,
            0,
            0,
            TcpStatistics.NONE,
            DownlinkStatistics.NONE);

    public MediaStatistics {
        drops = Map.copyOf(drops);
        faults = Map.copyOf(faults);
        segmentsPerSend = Map.copyOf(segmentsPerSend);
    }

    /** Returns these statistics with another value of {@code loopLagNanosMax}. */
    public MediaStatistics withLoopLagNanosMax(long nanos) {
        return new MediaStatistics(
                rooms,
                transports,
                publications,
                subscriptions,
                packetsIn,
                bytesIn,
                packetsOut,
                bytesOut,
                packetsForwarded,
                packetsRelayed,
                keyFrameRequests,
                retransmissions,
                drops,
                faults,
                segmentsPerSend,
                routerDelays,
                quality,
                nanos,
                slowTurns,
                kernelReceiveDrops,
                load,
                tcp,
                downlinks);
    }
}
