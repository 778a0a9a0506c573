package org.rotunda.media.congestion;

/**
 * The time that packets spend in queues: their one-way delay above the least of the last half minute. The clocks need
 * not agree, because only differences count. Owned by one event loop.
 */
final class QueueDelay {
    /** The span of one bucket of minima; three of them are compared. */
    static final long BUCKET_NANOS = 10_000_000_000L;

    /** The weight of the newest message. */
    static final double WEIGHT = 0.5;

    /** The longest queue told. */
    static final double MAX_NANOS = 60e9;

    private static final long NONE = Long.MAX_VALUE;

    private long bucketBegan;
    private long newest = NONE;
    private long older = NONE;
    private long oldest = NONE;
    private double queueNanos;

    /** Handles the packets of a message. Its fastest packet tells the queue, so jitter counts little. */
    void onPackets(FeedbackReader packets, long nowNanos) {
        if (packets.received() == 0) {
            return;
        }
        long least = NONE;
        for (int i = 0; i < packets.received(); i++) {
            least = Math.min(least, packets.arrivalNanos(i) - packets.sentNanos(i));
        }
        if (nowNanos - bucketBegan >= BUCKET_NANOS) {
            oldest = older;
            older = newest;
            newest = NONE;
            bucketBegan = nowNanos;
        }
        newest = Math.min(newest, least);
        long base = Math.min(newest, Math.min(older, oldest));
        double queue = Math.min(MAX_NANOS, (double) least - base);
        queueNanos += WEIGHT * (queue - queueNanos);
    }

    double nanos() {
        return queueNanos;
    }

    void reset() {
        newest = NONE;
        older = NONE;
        oldest = NONE;
        queueNanos = 0;
    }
}
