package org.rotunda.media.rtcp;

/**
 * Reads a receiver estimated maximum bitrate in place (draft-alvestrand-rmcat-remb-03 §2.2).
 *
 * <pre>
 * |  unique identifier 'R' 'E' 'M' 'B'                            |
 * |  Num SSRC     | BR Exp    |  BR Mantissa                      |
 * |   SSRC feedback                                               |
 * </pre>
 */
public final class Remb {
    static final int IDENTIFIER = 0x52454D42;
    static final int MANTISSA_BITS = 18;
    static final int FIXED_LENGTH_BYTES = FeedbackHeader.LENGTH_BYTES + 8;

    private Remb() {}

    /** Returns whether the current packet is a whole REMB; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return FeedbackHeader.isValid(packet)
                && packet.packetType() == RtcpType.PSFB
                && packet.count() == RtcpType.FMT_AFB
                && packet.lengthBytes() >= FIXED_LENGTH_BYTES
                && packet.intAt(FeedbackHeader.LENGTH_BYTES) == IDENTIFIER
                && packet.lengthBytes() >= FIXED_LENGTH_BYTES + ssrcs(packet) * 4;
    }

    /**
     * Returns the estimate for all streams together, or {@link Long#MAX_VALUE} if the value needs more than 63 bits.
     */
    public static long bitrateBps(RtcpCompound packet) {
        int word = packet.unsignedMediumAt(FeedbackHeader.LENGTH_BYTES + 5);
        int exponent = word >>> MANTISSA_BITS;
        long mantissa = word & ((1 << MANTISSA_BITS) - 1);
        boolean fits = mantissa == 0 || exponent < Long.numberOfLeadingZeros(mantissa);
        return fits ? mantissa << exponent : Long.MAX_VALUE;
    }

    public static int ssrcs(RtcpCompound packet) {
        return packet.unsignedByteAt(FeedbackHeader.LENGTH_BYTES + 4);
    }

    public static int ssrc(RtcpCompound packet, int index) {
        return packet.intAt(FIXED_LENGTH_BYTES + index * 4);
    }
}
