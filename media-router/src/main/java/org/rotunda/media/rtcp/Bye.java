package org.rotunda.media.rtcp;

/**
 * Reads a BYE in place (RFC 3550 §6.6). It has {@link RtcpCompound#count} SSRCs of sources that leave. The optional
 * reason is not read.
 */
public final class Bye {
    private Bye() {}

    /** Returns whether the current packet is a whole BYE; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return packet.packetType() == RtcpType.BYE
                && packet.lengthBytes() >= RtcpCompound.HEADER_LENGTH_BYTES + packet.count() * 4;
    }

    public static int ssrc(RtcpCompound packet, int index) {
        return packet.intAt(RtcpCompound.HEADER_LENGTH_BYTES + index * 4);
    }
}
