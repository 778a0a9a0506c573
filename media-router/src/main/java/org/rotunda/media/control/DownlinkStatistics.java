package org.rotunda.media.control;

import java.util.List;

/**
 * The networks from this node to its subscribers, and what the router does about them, since the start of the node.
 *
 * @param estimateBps a histogram of the estimated bit rates, one value for each {@link DownlinkReport}
 * @param queueSeconds a histogram of the queueing delays, one value for each {@link DownlinkReport}
 * @param sentBps the bit rate to all subscribers in the last second
 * @param desiredBps the bit rate that all subscribers would get with ample bandwidth
 * @param layerSwitches the number of times that a subscription changed to another encoding of its track
 * @param lowered the number of times that the router lowered a track to its lowest layers on its own
 * @param stopped the number of times that the router stopped a track on its own
 * @param overuses the number of times that a delay began to rise
 * @param probes the number of probes with padding
 * @param paddedPackets the number of packets of media that were padded to the length of their neighbours
 */
public record DownlinkStatistics(
        Histogram estimateBps,
        Histogram queueSeconds,
        long sentBps,
        long desiredBps,
        long layerSwitches,
        long lowered,
        long stopped,
        long overuses,
        long probes,
        long paddedPackets) {
    /** The upper ends of the buckets of estimates. */
    public static final List<Double> ESTIMATE_BPS_MAX =
            List.of(50e3, 100e3, 200e3, 300e3, 500e3, 750e3, 1e6, 1.5e6, 2e6, 3e6, 5e6, 10e6, 20e6);

    /** The upper ends of the buckets of queueing delays. */
    public static final List<Double> QUEUE_SECONDS_MAX =
            List.of(0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0);

    /** The statistics before the first packet. */
    public static final DownlinkStatistics NONE = new DownlinkStatistics(
            Histogram.empty(ESTIMATE_BPS_MAX), Histogram.empty(QUEUE_SECONDS_MAX), 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns the sum of these statistics and {@code other}. */
    public DownlinkStatistics plus(DownlinkStatistics other) {
        return new DownlinkStatistics(
                estimateBps.plus(other.estimateBps),
                queueSeconds.plus(other.queueSeconds),
                sentBps + other.sentBps,
                desiredBps + other.desiredBps,
                layerSwitches + other.layerSwitches,
                lowered + other.lowered,
                stopped + other.stopped,
                overuses + other.overuses,
                probes + other.probes,
                paddedPackets + other.paddedPackets);
    }
}
