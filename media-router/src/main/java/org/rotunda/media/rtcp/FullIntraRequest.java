package org.rotunda.media.rtcp;

/**
 * Reads a full intra request in place (RFC 5104 §4.3.1). Each entry has an SSRC and a command sequence number. If the
 * number is the same as in the sender's previous entry for this SSRC, the entry repeats that request.
 */
public final class FullIntraRequest {
    static final int ENTRY_LENGTH_BYTES = 8;

    private FullIntraRequest() {}

    /** Returns whether the current packet is a whole full intra request; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return FeedbackHeader.isValid(packet)
                && packet.packetType() == RtcpType.PSFB
                && packet.count() == RtcpType.FMT_FIR
                && (packet.lengthBytes() - FeedbackHeader.LENGTH_BYTES) % ENTRY_LENGTH_BYTES == 0;
    }

    public static int entries(RtcpCompound packet) {
        return (packet.lengthBytes() - FeedbackHeader.LENGTH_BYTES) / ENTRY_LENGTH_BYTES;
    }

    public static int ssrc(RtcpCompound packet, int entry) {
        return packet.intAt(FeedbackHeader.LENGTH_BYTES + entry * ENTRY_LENGTH_BYTES);
    }

    public static int commandSequence(RtcpCompound packet, int entry) {
        return packet.unsignedByteAt(FeedbackHeader.LENGTH_BYTES + entry * ENTRY_LENGTH_BYTES + 4);
    }
}
