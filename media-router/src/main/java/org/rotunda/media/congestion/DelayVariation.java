package org.rotunda.media.congestion;

/**
 * How much the one-way delay differs from packet to packet although the queue is the same: the jitter of the path, which
 * makes the result of a short probe wrong. Only packets that leave after a pause count, because the packets of a burst
 * wait for each other. Owned by one event loop.
 */
final class DelayVariation {
    /** The pause before a packet that counts. */
    static final long PAUSE_NANOS = 5_000_000;

    /**
     * The weight of the newest difference, like that of the interarrival jitter of RFC 3550 §6.4.1. The first ones weigh
     * more, because the first probe follows soon.
     */
    static final double WEIGHT = 1.0 / 16;

    /** The largest difference that counts: a longer one is a change of the path. */
    static final double DIFFERENCE_NANOS_MAX = 200e6;

    private boolean started;
    private long lastSent;
    private long lastDelay;
    private long count;
    private double nanos;

    /** Handles the packets of a message, in the order of their departure. */
    void onPackets(FeedbackReader packets) {
        for (int i = 0; i < packets.received(); i++) {
            long sent = packets.sentNanos(i);
            long pause = sent - lastSent;
            lastSent = sent;
            if (started && pause < PAUSE_NANOS) {
                continue;
            }
            long delay = packets.arrivalNanos(i) - sent;
            if (started) {
                double difference = Math.min(DIFFERENCE_NANOS_MAX, Math.abs((double) (delay - lastDelay)));
                count++;
                nanos += Math.max(WEIGHT, 1.0 / count) * (difference - nanos);
            }
            started = true;
            lastDelay = delay;
        }
    }

    /** Returns the mean difference. */
    double nanos() {
        return nanos;
    }

    void reset() {
        started = false;
        count = 0;
        nanos = 0;
    }
}
