package org.rotunda.media.rtcp;

/**
 * Reads a generic NACK in place (RFC 4585 §6.2.1): pairs of a packet id and a bit mask of the 16 packets after it.
 *
 * <pre>
 * |            PID                |             BLP               |
 * </pre>
 */
public final class GenericNack {
    /** Receives each requested sequence number, in the order of the message. */
    @FunctionalInterface
    public interface Sink {
        void onNack(int sequenceNumber);
    }

    private GenericNack() {}

    /** Returns whether the current packet is a whole generic NACK; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return FeedbackHeader.isValid(packet)
                && packet.packetType() == RtcpType.RTPFB
                && packet.count() == RtcpType.FMT_NACK
                && (packet.lengthBytes() - FeedbackHeader.LENGTH_BYTES) % 4 == 0;
    }

    /** Passes all requested numbers to the sink: at most 17 per four bytes of the datagram. */
    public static void forEach(RtcpCompound packet, Sink sink) {
        for (int position = FeedbackHeader.LENGTH_BYTES; position < packet.lengthBytes(); position += 4) {
            int packetId = packet.unsignedShortAt(position);
            sink.onNack(packetId);
            int mask = packet.unsignedShortAt(position + 2);
            for (int bit = 0; mask >>> bit != 0; bit++) {
                if ((mask >>> bit & 1) != 0) {
                    sink.onNack((packetId + 1 + bit) & 0xFFFF);
                }
            }
        }
    }
}
