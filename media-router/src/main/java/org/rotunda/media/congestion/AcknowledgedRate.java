package org.rotunda.media.congestion;

/**
 * The rate at which packets arrive, over a sliding window (libwebrtc, {@code RobustThroughputEstimator}): at least
 * {@link #PACKETS} packets and {@link #NANOS_MIN}. The rate is the lower of the sent and the received one, and the
 * longest gap between arrivals counts like the second longest, so that neither a stall nor the burst after it is seen as
 * a change of rate. Owned by one event loop.
 */
final class AcknowledgedRate {
    static final int PACKETS_REQUIRED = 10;
    static final int PACKETS = 20;
    static final int PACKETS_MAX = 512; // A power of two.
    static final long NANOS_MIN = 500_000_000;
    static final long RECENT_NANOS = 150_000_000;
    static final long NANOS_MAX = 5_000_000_000L;

    /** The share of the rate that is still sent in the last moments if the source has not paused. */
    static final double SENT_SHARE = 0.95;

    /** The share of the rate below which the rate of the last moments is no noise: the capacity has collapsed. */
    static final double COLLAPSED = 0.7;

    /** How much faster than before packets arrive if a burst has kept the bottleneck busy. */
    static final double BUSY = 1.05;

    private static final double SHORTEST_NANOS = 1e6;

    private final long[] sent = new long[PACKETS_MAX];
    private final long[] arrived = new long[PACKETS_MAX];
    private final int[] sizes = new int[PACKETS_MAX];
    private int first;
    private int size;
    private long discardedSent = Long.MIN_VALUE; // The latest departure among the packets that left the window.

    /** Adds a packet; packets come in the order of arrival, as far as the messages allow. */
    void onPacket(long sentNanos, long arrivalNanos, int sizeBytes) {
        if (size == PACKETS_MAX) {
            discard();
        }
        if (size > 0 && arrivalNanos < arrived[slot(size - 1)] - NANOS_MAX) {
            reset(); // The clock of the receiver was set back.
        }
        int slot = slot(size++);
        sent[slot] = sentNanos;
        arrived[slot] = arrivalNanos;
        sizes[slot] = sizeBytes;
        while (isFirstOutside()) {
            discard();
        }
    }

    /** Returns the rate, or 0 if too few packets have come. Linear in the window. */
    double bps() {
        if (size < PACKETS_REQUIRED) {
            return 0;
        }
        long firstArrival = Long.MAX_VALUE;
        long lastArrival = Long.MIN_VALUE;
        long firstSent = Long.MAX_VALUE;
        long lastSent = Long.MIN_VALUE;
        long gap = 0;
        long secondGap = 0;
        double arrivedBytes = 0;
        double sentBytes = 0;
        int firstSize = 0;
        int lastSize = 0;
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            long arrival = arrived[slot];
            arrivedBytes += sizes[slot];
            if (arrival < firstArrival) {
                firstArrival = arrival;
                firstSize = sizes[slot];
            }
            if (i > 0 && arrival - lastArrival > gap) {
                secondGap = gap;
                gap = arrival - lastArrival;
            } else if (i > 0) {
                secondGap = Math.max(secondGap, arrival - lastArrival);
            }
            lastArrival = Math.max(lastArrival, arrival);
            if (sent[slot] < discardedSent) {
                continue; // It was sent before packets that have left the window.
            }
            sentBytes += sizes[slot];
            firstSent = Math.min(firstSent, sent[slot]);
            if (sent[slot] >= lastSent) {
                lastSent = sent[slot];
                lastSize = sizes[slot];
            }
        }
        double arrivalNanos = Math.max(SHORTEST_NANOS, (double) (lastArrival - firstArrival - gap + secondGap));
        double arrivalBps = (arrivedBytes - firstSize) * 8e9 / arrivalNanos;
        if (sentBytes <= lastSize) {
            return arrivalBps;
        }
        double sentNanos = Math.max(SHORTEST_NANOS, (double) (lastSent - firstSent));
        return Math.min(arrivalBps, (sentBytes - lastSize) * 8e9 / sentNanos);
    }

    /**
     * Returns the rate of the last {@link #RECENT_NANOS}, or of more if that has fewer than {@link #PACKETS_REQUIRED}
     * packets; 0 if it is unknown. It follows a sudden drop of the capacity sooner than {@link #bps}.
     */
    private double recentBps() {
        int before = beforeRecent();
        return before < 0 ? bps() : recentBytes(before) * 8e9 / (arrived[slot(size - 1)] - arrived[slot(before)]);
    }

    /**
     * Returns whether less than this share of the rate arrives in the last moments, although as much as before is sent. A
     * source that pauses says nothing about the capacity.
     */
    boolean isFallen(double share) {
        double bps = bps();
        return recentBps() < share * bps && recentSentBps() >= SENT_SHARE * bps;
    }

    /**
     * Returns what the bottleneck carries, seen at a moment in which the delay rises: the rate of the last moments if the
     * capacity has collapsed, or if a burst has kept the bottleneck busy after a source that sent less; otherwise {@link
     * #bps}.
     *
     * @param mostBps what a burst may show at most
     */
    double carriedBps(double mostBps) {
        double bps = bps();
        double recent = recentBps();
        if (isFallen(COLLAPSED)) {
            return recent;
        }
        boolean isBusy = recent > BUSY * bps && recentSentBps() > recent;
        return isBusy ? Math.max(bps, Math.min(recent, mostBps)) : bps;
    }

    private double recentSentBps() {
        int before = beforeRecent();
        return before < 0
                ? bps()
                : recentBytes(before)
                        * 8e9
                        / Math.max(SHORTEST_NANOS, (double) (sent[slot(size - 1)] - sent[slot(before)]));
    }

    /** Returns the last packet before the recent ones, or -1 if there are too few. */
    private int beforeRecent() {
        for (int i = size - PACKETS_REQUIRED - 1; i >= 0; i--) {
            if (arrived[slot(size - 1)] - arrived[slot(i)] >= RECENT_NANOS) {
                return i;
            }
        }
        return -1;
    }

    private double recentBytes(int before) {
        double bytes = 0;
        for (int i = before + 1; i < size; i++) {
            bytes += sizes[slot(i)];
        }
        return bytes;
    }

    void reset() {
        first = 0;
        size = 0;
        discardedSent = Long.MIN_VALUE;
    }

    private boolean isFirstOutside() {
        long span = arrived[slot(size - 1)] - arrived[slot(0)];
        return size > 1 && (span > NANOS_MAX || (size > PACKETS && span > NANOS_MIN));
    }

    private void discard() {
        discardedSent = Math.max(discardedSent, sent[slot(0)]);
        first = slot(1);
        size--;
    }

    private int slot(int index) {
        return (first + index) & (PACKETS_MAX - 1);
    }
}
