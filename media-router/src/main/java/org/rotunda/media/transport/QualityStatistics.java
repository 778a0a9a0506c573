package org.rotunda.media.transport;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.control.DownlinkStatistics;
import org.rotunda.media.control.Histogram;
import org.rotunda.media.control.NetworkQuality;

/**
 * Counts the round trips, losses, jitters and estimates of all transports of one event loop. Counting allocates
 * nothing. Used on the loop only.
 */
public final class QualityStatistics {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The largest jitter that is counted. A client may report any value, and one huge value would spoil the sum. */
    private static final double JITTER_SECONDS_MAX = 10;

    private static final double LOSS_UNITS = 256; // A report block gives the fraction lost in units of 1/256.

    private static final double MILLIS_PER_SECOND = 1e3;

    private final Counts estimates = new Counts(DownlinkStatistics.ESTIMATE_BPS_MAX);
    private final Counts queues = new Counts(DownlinkStatistics.QUEUE_SECONDS_MAX);
    private long layerSwitches;
    private long lowered;
    private long stopped;
    private long paddedPackets;
    private final Direction up = new Direction();
    private final Direction down = new Direction();

    /** Returns the counts of the direction from clients to us. */
    Direction up() {
        return up;
    }

    /** Returns the counts of the direction from us to clients. */
    Direction down() {
        return down;
    }

    /** Counts an estimate of the network to a subscriber that is reported to the room. */
    void onDownlink(long estimateBps, int queueMillis) {
        estimates.add((double) estimateBps);
        queues.add(queueMillis / MILLIS_PER_SECOND);
    }

    /** Counts a change of a subscription to another encoding. */
    void onLayerSwitch() {
        layerSwitches++;
    }

    /** Counts a packet of media that is padded to the length of its neighbours. */
    void onPadded() {
        paddedPackets++;
    }

    /** Counts a track that the router reduces on its own. */
    void onReduced(StepDown.Level level) {
        if (level == StepDown.Level.STOPPED) {
            stopped++;
        } else {
            lowered++;
        }
    }

    /**
     * Returns a copy of the current counts about the networks to subscribers. The caller passes what the transports
     * themselves count.
     */
    public DownlinkStatistics downlinks(long sentBps, long desiredBps, long overuses, long probes) {
        return new DownlinkStatistics(
                estimates.snapshot(),
                queues.snapshot(),
                sentBps,
                desiredBps,
                layerSwitches,
                lowered,
                stopped,
                overuses,
                probes,
                paddedPackets);
    }

    /** Returns a copy of the current counts. Called on the loop. */
    public NetworkQuality snapshot() {
        return new NetworkQuality(up.snapshot(), down.snapshot());
    }

    /** The measurements of one direction. */
    static final class Direction {
        private final Counts rtt = new Counts(NetworkQuality.RTT_SECONDS_MAX);
        private final Counts loss = new Counts(NetworkQuality.LOSS_RATIO_MAX);
        private final Counts jitter = new Counts(NetworkQuality.JITTER_SECONDS_MAX);

        void onRtt(long rttNanos) {
            rtt.add(rttNanos / NANOS_PER_SECOND);
        }

        /**
         * Counts a report block that we have sent or received.
         *
         * @param fractionLost the share of packets lost since the previous block, in 1/256
         * @param jitterUnits the jitter in units of the stream's RTP clock
         */
        void onReportBlock(int fractionLost, long jitterUnits, int clockRateHz) {
            loss.add(fractionLost / LOSS_UNITS);
            jitter.add(Math.min(JITTER_SECONDS_MAX, (double) jitterUnits / clockRateHz));
        }

        NetworkQuality.Direction snapshot() {
            return new NetworkQuality.Direction(rtt.snapshot(), loss.snapshot(), jitter.snapshot());
        }
    }

    private static final class Counts {
        private final List<Double> maxima;
        private final double[] ends;
        private final long[] counts;
        private double sum;

        private Counts(List<Double> maxima) {
            this.maxima = maxima;
            this.ends = maxima.stream().mapToDouble(Double::doubleValue).toArray();
            this.counts = new long[ends.length + 1];
        }

        private void add(double value) {
            int bucket = 0;
            while (bucket < ends.length && value > ends[bucket]) {
                bucket++;
            }
            counts[bucket]++;
            sum += value;
        }

        private Histogram snapshot() {
            List<Long> copy = new ArrayList<>(counts.length);
            for (long count : counts) {
                copy.add(count);
            }
            return new Histogram(maxima, copy, sum);
        }
    }
}
