package org.rotunda.load.relay;

import java.time.Duration;

/**
 * What one direction of a network path does to datagrams. Immutable.
 *
 * @param rateBps bits a second that pass, IP and UDP headers included; {@link #UNLIMITED} for no limit
 * @param queueBytes what may wait before that bottleneck, headers included; a datagram that finds less room is dropped, unless none waits
 * @param delayNanos from the bottleneck to the other end
 * @param jitterNanos up to so much more, evenly spread; alone it never changes the order
 * @param loss share of the datagrams that get lost behind the bottleneck
 * @param duplication share of those that arrive twice
 * @param reordering share of those that are held back by {@code reorderNanos}, while later ones pass them
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

    /** A wire: everything passes at once. */
    public static final LinkConditions CLEAR = new LinkConditions(UNLIMITED, Integer.MAX_VALUE, 0, 0, 0, 0, 0, 0);

    /** Nothing passes. */
    public static final LinkConditions CUT = CLEAR.withLoss(1);

    private static final long DELAY_NANOS_MAX = Duration.ofMinutes(1).toNanos(); // Longer is a slip in the unit.

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
        if (!(share >= 0 && share <= 1)) { // So that NaN is refused too.
            throw new IllegalArgumentException("a share is between 0 and 1: " + share);
        }
    }

    /** A bottleneck with a drop-tail queue before it. */
    public LinkConditions withRate(long newRateBps, int newQueueBytes) {
        return new LinkConditions(
                newRateBps, newQueueBytes, delayNanos, jitterNanos, loss, duplication, reordering, reorderNanos);
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

    /** How long the bottleneck is busy with a datagram of that length, headers included. */
    long transmissionNanos(int bytes) {
        if (rateBps == UNLIMITED) {
            return 0;
        }
        return (bytes * 8L * 1_000_000_000L + rateBps - 1) / rateBps; // Rounded up: the rate is never exceeded.
    }
}
