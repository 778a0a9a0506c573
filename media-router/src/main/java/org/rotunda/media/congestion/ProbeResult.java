package org.rotunda.media.congestion;

/**
 * Computes what a probe cluster showed: the lower of the rates at which it was sent and at which it arrived (libwebrtc,
 * {@code ProbeBitrateEstimator}). One cluster at a time. Owned by one event loop.
 */
final class ProbeResult {
    static final double RECEIVED_SHARE = 0.8;
    static final double INTERVAL_NANOS_MAX = 1e9;
    static final double RATIO_MAX = 2.0;

    /** If the cluster arrived at less than this share of its sent rate, the bottleneck is saturated. */
    static final double SATURATED_BELOW = 0.9;

    /** The share of the received rate that is used then, so that the queue which the cluster made can drain. */
    static final double SATURATED_USE = 0.95;

    private int cluster;
    private long settlingNanos;
    private long beganNanos;
    private int packetsMin;
    private int bytesMin;
    private int packets;
    private long bytes;
    private long settledBytes;
    private long firstSent;
    private long lastSent;
    private long firstArrival;
    private long lastArrival;
    private int lastSentSize;
    private int firstArrivalSize;

    /**
     * Begins a cluster.
     *
     * @param newSettlingNanos how long after the departure of its first packet packets only count as received, because
     *     their arrivals tell no rate yet
     */
    void begin(int newCluster, long newSettlingNanos) {
        cluster = newCluster;
        settlingNanos = newSettlingNanos;
        beganNanos = Long.MAX_VALUE;
        packetsMin = Integer.MAX_VALUE;
        bytesMin = Integer.MAX_VALUE;
        packets = 0;
        bytes = 0;
        settledBytes = 0;
        firstSent = Long.MAX_VALUE;
        lastSent = Long.MIN_VALUE;
        firstArrival = Long.MAX_VALUE;
        lastArrival = Long.MIN_VALUE;
    }

    /** Tells what the whole cluster had, once it has been sent. */
    void setMinimum(int packetsSent, int bytesSent) {
        packetsMin = packetsSent;
        bytesMin = bytesSent;
    }

    void onPacket(int ofCluster, long sentNanos, long arrivalNanos, int sizeBytes) {
        if (ofCluster != cluster) {
            return;
        }
        packets++;
        bytes += sizeBytes;
        beganNanos = Math.min(beganNanos, sentNanos);
        if (sentNanos - beganNanos < settlingNanos) {
            return;
        }
        settledBytes += sizeBytes;
        firstSent = Math.min(firstSent, sentNanos);
        if (sentNanos >= lastSent) {
            lastSent = sentNanos;
            lastSentSize = sizeBytes;
        }
        if (arrivalNanos < firstArrival) {
            firstArrival = arrivalNanos;
            firstArrivalSize = sizeBytes;
        }
        lastArrival = Math.max(lastArrival, arrivalNanos);
    }

    /**
     * Returns the rate that the cluster showed, or 0 if it showed none. Packets that were lost by chance count as if they
     * had arrived: the cluster is short, and one packet of it is several percent.
     *
     * @param randomLoss the loss that does not come from the rate, 0 to 1
     */
    double bps(double randomLoss) {
        double sentNanos = (double) lastSent - firstSent;
        double arrivalNanos = (double) lastArrival - firstArrival;
        if (packets < RECEIVED_SHARE * packetsMin
                || bytes < RECEIVED_SHARE * bytesMin
                || sentNanos <= 0
                || sentNanos > INTERVAL_NANOS_MAX
                || arrivalNanos <= 0
                || arrivalNanos > INTERVAL_NANOS_MAX) {
            return 0;
        }
        double lost = Math.max(0, 1 - (double) bytes / bytesMin);
        double arrived = 8e9 / (1 - Math.min(lost, randomLoss));
        double sentBps = (settledBytes - lastSentSize) * arrived / sentNanos;
        double arrivalBps = (settledBytes - firstArrivalSize) * arrived / arrivalNanos;
        if (arrivalBps > RATIO_MAX * sentBps) {
            return 0;
        }
        return arrivalBps < SATURATED_BELOW * sentBps ? SATURATED_USE * arrivalBps : Math.min(sentBps, arrivalBps);
    }
}
