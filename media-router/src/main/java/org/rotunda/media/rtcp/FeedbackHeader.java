package org.rotunda.media.rtcp;

/**
 * Reads the fields that all feedback messages share (RFC 4585 §6.1). A PLI has no other fields (§6.3.1).
 *
 * <pre>
 * |V=2|P|   FMT   |       PT      |             length            |
 * |                     SSRC of packet sender                     |
 * |                     SSRC of media source                      |
 * :             feedback control information (FCI)                :
 * </pre>
 */
public final class FeedbackHeader {
    public static final int LENGTH_BYTES = 12;

    private FeedbackHeader() {}

    /**
     * Returns whether the current packet is a feedback message with a whole header; every other method here requires
     * it.
     */
    public static boolean isValid(RtcpCompound packet) {
        int type = packet.packetType();
        return (type == RtcpType.RTPFB || type == RtcpType.PSFB) && packet.lengthBytes() >= LENGTH_BYTES;
    }

    public static int senderSsrc(RtcpCompound packet) {
        return packet.intAt(4);
    }

    /** Returns the SSRC that the message is about. In FIR and REMB this field is 0, and the FCI names the streams. */
    public static int mediaSsrc(RtcpCompound packet) {
        return packet.intAt(8);
    }
}
