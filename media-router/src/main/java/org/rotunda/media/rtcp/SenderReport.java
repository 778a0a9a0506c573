package org.rotunda.media.rtcp;

/** Reads a sender report in place (RFC 3550 §6.4.1). {@link ReportBlocks} reads its report blocks. */
public final class SenderReport {
    public static final int FIXED_LENGTH_BYTES = 28;

    private SenderReport() {}

    /** Returns whether the current packet is a whole sender report; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return packet.packetType() == RtcpType.SR
                && packet.lengthBytes() >= FIXED_LENGTH_BYTES + packet.count() * ReportBlocks.LENGTH_BYTES;
    }

    public static int ssrc(RtcpCompound packet) {
        return packet.intAt(4);
    }

    /** Returns the 64-bit NTP timestamp. The upper half has the seconds since 1900, the lower half the fraction. */
    public static long ntpTimestamp(RtcpCompound packet) {
        return packet.longAt(8);
    }

    public static int rtpTimestamp(RtcpCompound packet) {
        return packet.intAt(16);
    }

    /** Returns the number of packets sent: the raw 32 bits, which wrap. */
    public static int packetCount(RtcpCompound packet) {
        return packet.intAt(20);
    }

    /** Returns the number of payload octets sent, without headers and padding: the raw 32 bits, which wrap. */
    public static int octetCount(RtcpCompound packet) {
        return packet.intAt(24);
    }
}
