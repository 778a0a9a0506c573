package org.rotunda.media.rtcp;

/**
 * Reads the report blocks of a sender or receiver report in place (RFC 3550 §6.4.1). The report must have passed {@link
 * SenderReport#isValid} or {@link ReceiverReport#isValid}. It has {@link RtcpCompound#count} blocks.
 *
 * <pre>
 * |                 SSRC of the source reported on                |
 * | fraction lost |       cumulative number of packets lost       |
 * |           extended highest sequence number received           |
 * |                      interarrival jitter                      |
 * |                         last SR (LSR)                         |
 * |                   delay since last SR (DLSR)                  |
 * </pre>
 */
public final class ReportBlocks {
    public static final int LENGTH_BYTES = 24;

    private ReportBlocks() {}

    public static int ssrc(RtcpCompound report, int block) {
        return report.intAt(position(report, block));
    }

    /** Returns the share of packets lost since the previous report, in units of 1/256. */
    public static int fractionLost(RtcpCompound report, int block) {
        return report.unsignedByteAt(position(report, block) + 4);
    }

    /** Returns the number of packets lost so far: signed, 24 bits. Duplicates can make it negative. */
    public static int cumulativeLost(RtcpCompound report, int block) {
        return report.mediumAt(position(report, block) + 5);
    }

    /** Returns the raw 32 bits. The upper half has the number of wraps, the lower half the sequence number. */
    public static int extendedHighestSequence(RtcpCompound report, int block) {
        return report.intAt(position(report, block) + 8);
    }

    /** Returns the interarrival jitter, unsigned, in units of the RTP clock. */
    public static long jitter(RtcpCompound report, int block) {
        return report.intAt(position(report, block) + 12) & 0xFFFF_FFFFL;
    }

    /** Returns the middle 32 bits of the NTP timestamp of the last SR received, or 0 if no SR was received. */
    public static int lastSr(RtcpCompound report, int block) {
        return report.intAt(position(report, block) + 16);
    }

    /** Returns the time between the last SR and this report, unsigned, in 1/65536 s. */
    public static long delaySinceLastSr(RtcpCompound report, int block) {
        return report.intAt(position(report, block) + 20) & 0xFFFF_FFFFL;
    }

    private static int position(RtcpCompound report, int block) {
        int first = report.packetType() == RtcpType.SR
                ? SenderReport.FIXED_LENGTH_BYTES
                : ReceiverReport.FIXED_LENGTH_BYTES;
        return first + block * LENGTH_BYTES;
    }
}
