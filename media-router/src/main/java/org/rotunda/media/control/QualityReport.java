package org.rotunda.media.control;

/**
 * The quality of the network between us and one client in the last second. The router reports it once a second and
 * transport.
 *
 * @param audioUp the audio from the client to us
 * @param videoUp the video from the client to us
 * @param audioDown the audio from us to the client
 * @param videoDown the video from us to the client
 * @param rttMillis the round-trip time; -1 while unknown
 * @param upBps the bit rate of RTP packets from the client
 * @param downBps the bit rate of RTP packets to the client
 */
public record QualityReport(
        TransportId transport,
        Direction audioUp,
        Direction videoUp,
        Direction audioDown,
        Direction videoDown,
        int rttMillis,
        long upBps,
        long downBps) {
    private static final int OVERHEAD_BYTES = 256; // A generous estimate of the encoded numbers.

    /**
     * One kind of media in one direction.
     *
     * @param loss the share of packets that were lost on this network, from 0 to 1. It excludes retransmissions and
     *     padding, and packets to a subscriber that were already lost on the way from the publisher
     * @param jitterMillis the largest interarrival jitter of the streams (RFC 3550 §6.4.1)
     * @param packetsPerSecond the number of packets of all streams; 0 if there is no such media
     */
    public record Direction(double loss, int jitterMillis, int packetsPerSecond) {
        /** The direction without any media. */
        public static final Direction NONE = new Direction(0, 0, 0);
    }

    /** Returns the number of bytes that this part counts towards {@link RoomReport#CHARGED_BYTES_MAX}. */
    public int chargedBytes() {
        return OVERHEAD_BYTES + transport.chargedBytes();
    }
}
