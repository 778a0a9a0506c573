package org.rotunda.load.relay;

import java.time.Duration;

/**
 * The properties of one direction of a network path. Immutable.
 *
 * @param rateBps the rate of the bottleneck in bit/s, with IP and UDP headers counted; {@link #UNLIMITED} for no limit
 * @param queueBytes the capacity of the queue before the bottleneck, with IP and UDP headers counted; a datagram that
 *     does not fit is dropped, unless the queue is empty
 * @param delayNanos the delay from the bottleneck to the other end
 * @param jitterNanos the maximum of an additional random delay; it is evenly distributed and never changes the order of
 *     datagrams
 * @param loss the share of datagrams that are lost behind the bottleneck
 * @param duplication the share of datagrams that arrive twice
 * @param reordering the share of datagrams that are held back, so that later datagrams can overtake them
 * @param reorderNanos the additional delay of a datagram that is held back
 */
public record LinkConditions(
        long rateBps,
        int queueBytes,
        long delayNanos,
        long jitterNanos,
        double loss,
        double duplication,
        double reordering,
        long reorderNanos) {
    public static final long UNLIMITED = 0;

    /** A perfect network: all datagrams pass immediately. */
    public static final LinkConditions CLEAR = new LinkConditions(UNLIMITED, Integer.MAX_VALUE, 0, 0, 0, 0, 0, 0);

    /** A cut network: all datagrams are lost. */
    public static final LinkConditions CUT = CLEAR.withLoss(1);

    // The longest accepted delay. A longer delay is probably a mistake in the unit.
    private static final long DELAY_NANOS_MAX = Duration.ofMinutes(1).toNanos();

    public LinkConditions {
        if (rateBps < 0 || queueBytes < 0) {
            throw new IllegalArgumentException("negative rate or queue: " + rateBps + ", " + queueBytes);
        }
        requireDelay(delayNanos);
        requireDelay(jitterNanos);
        requireDelay(reorderNanos);
        requireShare(loss);
        requireShare(duplication);
        requireShare(reordering);
    }

    private static void requireDelay(long nanos) {
        if (nanos < 0 || nanos > DELAY_NANOS_MAX) {
            throw new IllegalArgumentException("a delay is between 0 and 1 min: " + nanos + " ns");
        }
    }

    private static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) { // The negated condition refuses NaN, too.
            throw new IllegalArgumentException("a share is between 0 and 1: " + share);
        }
    }

    /** Returns these conditions with another bottleneck and another drop-tail queue. */
    public LinkConditions withRate(long newRateBps, int newQueueBytes) {
        return new LinkConditions(
                newRateBps, newQueueBytes, delayNanos, jitterNanos, loss, duplication, reordering, reorderNanos);
    }

    /** Returns these conditions with another bottleneck, whose drop-tail queue is this long at the bottleneck's rate. */
    public LinkConditions withRate(long newRateBps, Duration queue) {
        return withRate(newRateBps, Math.toIntExact(newRateBps * queue.toMillis() / 8_000));
    }

    public LinkConditions withDelay(Duration delay, Duration jitter) {
        return new LinkConditions(
                rateBps, queueBytes, delay.toNanos(), jitter.toNanos(), loss, duplication, reordering, reorderNanos);
    }

    public LinkConditions withLoss(double share) {
        return new LinkConditions(
                rateBps, queueBytes, delayNanos, jitterNanos, share, duplication, reordering, reorderNanos);
    }

    public LinkConditions withDuplication(double share) {
        return new LinkConditions(rateBps, queueBytes, delayNanos, jitterNanos, loss, share, reordering, reorderNanos);
    }

    public LinkConditions withReordering(double share, Duration heldBack) {
        return new LinkConditions(
                rateBps, queueBytes, delayNanos, jitterNanos, loss, duplication, share, heldBack.toNanos());
    }

    /** Returns the time that the bottleneck needs to send a datagram of this length, headers included. */
    long transmissionNanos(int bytes) {
        if (rateBps == UNLIMITED) {
            return 0;
        }
        // The time is rounded up, so that the rate is never exceeded.
        return (bytes * 8L * 1_000_000_000L + rateBps - 1) / rateBps;
    }
}
