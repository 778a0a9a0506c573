package org.rotunda.media.control;

import java.util.List;

/**
 * The state of the network from us to one subscriber, as the router's congestion control sees it. The router reports it
 * at most five times a second and transport, at once after a big drop, and at least once a second while it sends
 * anything.
 *
 * @param estimateBps the bit rate that the network can carry, with the overhead of RTP headers and padding
 * @param overused true while the delay shows that a queue grows
 * @param loss the share of lost packets from 0 to 1, smoothed exponentially
 * @param queueMillis the estimated queueing delay
 * @param rttMillis the round-trip time; -1 while unknown
 * @param audioBps the highest bit rate of forwarded audio in the last 5 s
 * @param sentBps the bit rate that was sent in the last second, with retransmissions and padding
 * @param sampled false while the client has sent no feedback, or the first probes of the path are not over; the estimate
 *     then says nothing about the path
 * @param steppedDown the SIDs of the tracks that the router itself holds below the desired layers, because the estimate
 *     collapsed; at most {@value #STEPPED_DOWN_MAX}, most important first
 */
public record DownlinkReport(
        TransportId transport,
        long estimateBps,
        boolean overused,
        double loss,
        int queueMillis,
        int rttMillis,
        long audioBps,
        long sentBps,
        boolean sampled,
        List<String> steppedDown) {
    /** The maximum number of tracks in {@link #steppedDown}. The limit bounds the size of a report. */
    public static final int STEPPED_DOWN_MAX = 64;

    private static final int OVERHEAD_BYTES = 192; // A generous estimate of the encoded numbers.
    private static final int SID_BYTES = 40;

    public DownlinkReport {
        steppedDown = List.copyOf(steppedDown);
    }

    /** Returns the number of bytes that this part counts towards {@link RoomReport#CHARGED_BYTES_MAX}. */
    public int chargedBytes() {
        return OVERHEAD_BYTES + transport.chargedBytes() + SID_BYTES * steppedDown.size();
    }
}
