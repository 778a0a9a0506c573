package org.rotunda.media.rtcp;

/** Reads a receiver report in place (RFC 3550 §6.4.2). {@link ReportBlocks} reads its report blocks. */
public final class ReceiverReport {
    public static final int FIXED_LENGTH_BYTES = 8;

    private ReceiverReport() {}

    /** Returns whether the current packet is a whole receiver report; every other method here requires it. */
    public static boolean isValid(RtcpCompound packet) {
        return packet.packetType() == RtcpType.RR
                && packet.lengthBytes() >= FIXED_LENGTH_BYTES + packet.count() * ReportBlocks.LENGTH_BYTES;
    }

    /** Returns the SSRC of the report's sender. */
    public static int ssrc(RtcpCompound packet) {
        return packet.intAt(4);
    }
}
