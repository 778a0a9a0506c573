package org.rotunda.media.control;

import java.util.List;

/**
 * The quality of the networks between clients and this node since its start, measured with RTCP.
 *
 * @param up the direction from publishing clients to us; we measure its loss and jitter
 * @param down the direction from us to subscribing clients; the clients report its loss and jitter
 */
public record NetworkQuality(Direction up, Direction down) {
    /** The upper ends of the round-trip buckets. */
    public static final List<Double> RTT_SECONDS_MAX =
            List.of(0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0);

    /** The upper ends of the loss buckets; the first bucket counts the report blocks without loss. */
    public static final List<Double> LOSS_RATIO_MAX =
            List.of(0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5);

    /** The upper ends of the jitter buckets. */
    public static final List<Double> JITTER_SECONDS_MAX =
            List.of(0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5);

    /** The quality before the first measurement. */
    public static final NetworkQuality NONE = new NetworkQuality(Direction.NONE, Direction.NONE);

    /** Returns the sum of this quality and {@code other}. */
    public NetworkQuality plus(NetworkQuality other) {
        return new NetworkQuality(up.plus(other.up), down.plus(other.down));
    }

    /**
     * The measurements of one direction.
     *
     * @param rttSeconds one value for each RTCP datagram that yields the round-trip time of a client's transport
     * @param lossRatio one value for each report block: the share of a stream's packets lost since the previous report
     *     block
     * @param jitterSeconds one value for each report block: the interarrival jitter of the stream (RFC 3550 §6.4.1)
     */
    public record Direction(Histogram rttSeconds, Histogram lossRatio, Histogram jitterSeconds) {
        static final Direction NONE = new Direction(
                Histogram.empty(RTT_SECONDS_MAX), Histogram.empty(LOSS_RATIO_MAX), Histogram.empty(JITTER_SECONDS_MAX));

        Direction plus(Direction other) {
            return new Direction(
                    rttSeconds.plus(other.rttSeconds),
                    lossRatio.plus(other.lossRatio),
                    jitterSeconds.plus(other.jitterSeconds));
        }
    }
}
