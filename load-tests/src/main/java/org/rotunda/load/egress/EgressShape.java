package org.rotunda.load.egress;

import org.rotunda.media.transport.DatagramSink;

/**
 * The shape of the load: bursts of equal packets, each of which goes to all receivers.
 *
 * @param receivers the number of subscribers, each with a socket and an SRTP session of its own
 * @param packets the number of packets of a burst
 * @param packetBytes the length of a packet before encryption, with its RTP header
 * @param burstsPerSecond the rate of the paced bursts
 */
public record EgressShape(int receivers, int packets, int packetBytes, int burstsPerSecond) {
    /** A frame of video at 2.5 Mbit/s for 50 viewers, 30 frames a second. */
    public static final EgressShape FANOUT = new EgressShape(50, 9, 1_150, 30);

    /** The largest number of receivers. A burst to so many has 4.2 MB, about as much as the send buffer. */
    public static final int RECEIVERS_MAX = 400;

    /** The length of the tag of AES-128-GCM (RFC 7714 §12). */
    private static final int TAG_BYTES = 16;

    /** The shortest packet. It has room for header extensions, the payload descriptor and the stamp of the testkit. */
    private static final int PACKET_BYTES_MIN = 100;

    public EgressShape {
        require(
                receivers >= 1 && receivers <= RECEIVERS_MAX,
                "--receivers must be from 1 to " + RECEIVERS_MAX + ": " + receivers);
        require(packets >= 1 && packets <= DatagramSink.RUN_DATAGRAMS_MAX, "packets of a burst: " + packets);
        require(
                packetBytes >= PACKET_BYTES_MIN && packetBytes + TAG_BYTES <= DatagramSink.RUN_DATAGRAM_BYTES_MAX,
                "length of a packet: " + packetBytes);
        require(burstsPerSecond >= 1, "bursts a second: " + burstsPerSecond);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Returns the same shape for another number of receivers. */
    public EgressShape withReceivers(int count) {
        return new EgressShape(count, packets, packetBytes, burstsPerSecond);
    }

    /** Returns the length of an encrypted packet. */
    public int datagramBytes() {
        return packetBytes + TAG_BYTES;
    }

    /** Returns the number of packets that leave for one burst. */
    public int packetsOut() {
        return receivers * packets;
    }
}
