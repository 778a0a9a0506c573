package org.rotunda.media.congestion;

/**
 * How much the one-way delay differs from packet to packet although the queue is the same: the jitter of the path, which
 * makes the result of a short probe wrong. Only packets that leave after a pause count, because the packets of a burst
 * wait for each other, at a slow bottleneck also those that follow a little later. The time that a packet itself takes at
 * the bottleneck is no jitter. Owned by one event loop.
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
    private double lastDelay;
    private double busyUntil; // When a bottleneck of the given rate would have passed on everything that was sent.
    private long count;
    private double nanos;

    /**
     * Handles the packets of a message, in the order of their departure.
     *
     * @param bottleneckBps the rate of the bottleneck as far as it is known; infinite if it is not
     */
    void onPackets(FeedbackReader packets, double bottleneckBps) {
        for (int i = 0; i < packets.received(); i++) {
            long sent = packets.sentNanos(i);
            long pause = sent - lastSent;
            double ownNanos = packets.sizeBytes(i) * 8e9 / bottleneckBps;
            boolean waits = (double) sent < busyUntil;
            busyUntil = Math.max(busyUntil, (double) sent) + ownNanos;
            lastSent = sent;
            if (started && (waits || pause < PAUSE_NANOS)) {
                continue;
            }
            double delay = (double) (packets.arrivalNanos(i) - sent) - ownNanos;
            if (started) {
                double difference = Math.min(DIFFERENCE_NANOS_MAX, Math.abs(delay - lastDelay));
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
        busyUntil = 0;
        count = 0;
        nanos = 0;
    }
}
