package org.rotunda.media.sctp;

/**
 * The limits of one association. The defaults suit WebRTC peers (Chromium's dcSCTP); tests use lower limits.
 *
 * @param port the SCTP port on both sides ({@code a=sctp-port})
 * @param packetBytesMax the longest SCTP packet that we send: 1191 leaves room for DTLS, UDP and IPv6 in 1280 bytes
 * @param messageBytesMax the longest message in either direction ({@code a=max-message-size})
 * @param receiveWindowBytes the size of the receive window (a_rwnd) for messages that are incomplete or out of order;
 *     the longest message must fit
 * @param streams the number of streams announced in each direction; browsers use stream ids below 1024
 * @param channelsMax the largest number of channels at once
 * @param channelSendBufferBytesMax the largest number of unsent and unacknowledged bytes per channel; {@code send}
 *     refuses a message beyond this limit
 * @param sendBufferBytesMax the largest number of unsent and unacknowledged bytes in all channels together
 * @param rtoInitialMs the retransmission time-out before the first measurement
 * @param rtoMinMs the lower bound of the retransmission time-out
 * @param rtoMaxMs the upper bound of the retransmission time-out, also with back-off
 * @param delayedAckMs the longest time that a SACK waits to be sent together with other chunks
 * @param heartbeatIntervalMs the idle time before a HEARTBEAT
 * @param retransmissionsMax the largest number of consecutive time-outs; after one more time-out the peer counts as
 *     lost
 * @param cookieLifeMs the age up to which a state cookie is accepted
 */
public record SctpSettings(
        int port,
        int packetBytesMax,
        int messageBytesMax,
        int receiveWindowBytes,
        int streams,
        int channelsMax,
        int channelSendBufferBytesMax,
        int sendBufferBytesMax,
        int rtoInitialMs,
        int rtoMinMs,
        int rtoMaxMs,
        int delayedAckMs,
        int heartbeatIntervalMs,
        int retransmissionsMax,
        int cookieLifeMs) {

    public static final SctpSettings DEFAULT = new SctpSettings(
            5000, 1191, 262_144, 1 << 20, 1024, 1024, 1 << 20, 8 << 20, 500, 400, 3_000, 200, 30_000, 40, 60_000);

    public SctpSettings {
        if (packetBytesMax < 512 || packetBytesMax > 65_535) {
            throw new IllegalArgumentException("packetBytesMax must be 512 to 65535: " + packetBytesMax);
        }
        if (messageBytesMax < 1
                || receiveWindowBytes < messageBytesMax
                || channelSendBufferBytesMax < messageBytesMax) {
            throw new IllegalArgumentException(
                    "a window or buffer is smaller than the longest message " + messageBytesMax);
        }
        if (sendBufferBytesMax < channelSendBufferBytesMax) {
            throw new IllegalArgumentException("sendBufferBytesMax is below one channel's: " + sendBufferBytesMax);
        }
        if (streams < 1 || streams > 65_535 || channelsMax < 1 || channelsMax > streams) {
            throw new IllegalArgumentException("streams " + streams + ", channelsMax " + channelsMax);
        }
        if (rtoMinMs < 1 || rtoInitialMs < rtoMinMs || rtoMaxMs < rtoInitialMs) {
            throw new IllegalArgumentException(
                    "rto " + rtoMinMs + " <= " + rtoInitialMs + " <= " + rtoMaxMs + " fails");
        }
    }
}
