package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.rtcp.ReportBlocks;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpWriter;

/**
 * The counts of the sender of one RTP stream, and the figures that its receiver reports (RFC 3550 §6.4.1). Builds the
 * sender reports of the stream and takes the round-trip time from the report blocks that answer them. Owned by one
 * event loop.
 *
 * <p>The time at which a report left is remembered together with its LSR value. This time is not computed from the LSR
 * value, so the wall clock that the reports carry does not matter.
 */
public final class SendStatistics {
    /**
     * The number of reports remembered: at one report a second they cover more time than a receiver takes to answer.
     */
    static final int REPORTS_REMEMBERED = 8;

    /** A round trip longer than this is a broken answer. */
    static final long RTT_NANOS_MAX = 60_000_000_000L;

    public static final long RTT_UNKNOWN = -1;

    private final int ssrc;
    private final int[] reportIds = new int[REPORTS_REMEMBERED];
    private final long[] reportNanos = new long[REPORTS_REMEMBERED];
    private long reports;
    private long packets;
    private long octets;
    private long rttNanos = RTT_UNKNOWN;
    private int fractionLost;
    private int cumulativeLost;
    private long jitter;
    private long reportBlocks;

    public SendStatistics(int ssrc) {
        this.ssrc = ssrc;
    }

    public int ssrc() {
        return ssrc;
    }

    /** Counts a sent packet; {@code payloadBytes} excludes header and padding. */
    public void onSent(int payloadBytes) {
        packets++;
        octets += payloadBytes;
    }

    /** Returns whether a packet was sent. A stream without sent packets has no sender reports. */
    public boolean hasSent() {
        return packets > 0;
    }

    /** Appends a sender report without blocks, which the caller closes ({@link RtcpWriter#endReport}). */
    public int beginSenderReport(ByteBuf out, long ntpTimestamp, int rtpTimestamp, long nowNanos) {
        int slot = (int) (reports++ % REPORTS_REMEMBERED);
        reportIds[slot] = NtpTime.middle32(ntpTimestamp);
        reportNanos[slot] = nowNanos;
        return RtcpWriter.beginSenderReport(out, ssrc, ntpTimestamp, rtpTimestamp, (int) packets, (int) octets);
    }

    /**
     * Takes the block about this stream in the receiver's report.
     *
     * @return the round-trip time that this block measures, or {@link #RTT_UNKNOWN} if it answers no report of ours
     */
    public long onReportBlock(RtcpCompound report, int block, long nowNanos) {
        reportBlocks++;
        fractionLost = ReportBlocks.fractionLost(report, block);
        cumulativeLost = ReportBlocks.cumulativeLost(report, block);
        jitter = ReportBlocks.jitter(report, block);
        int lastSr = ReportBlocks.lastSr(report, block);
        long measured =
                lastSr == 0 ? RTT_UNKNOWN : roundTrip(lastSr, ReportBlocks.delaySinceLastSr(report, block), nowNanos);
        if (measured != RTT_UNKNOWN) {
            rttNanos = measured;
        }
        return measured;
    }

    /** The latest round-trip time, or {@link #RTT_UNKNOWN}. */
    public long rttNanos() {
        return rttNanos;
    }

    /** The share lost in the interval of the receiver's last report, in 1/256. */
    public int fractionLost() {
        return fractionLost;
    }

    public int cumulativeLost() {
        return cumulativeLost;
    }

    /** Returns the reported jitter in units of the RTP clock. */
    public long jitter() {
        return jitter;
    }

    public long reportBlocksReceived() {
        return reportBlocks;
    }

    public long packetsSent() {
        return packets;
    }

    private long roundTrip(int lastSr, long delay, long nowNanos) {
        for (long report = reports - 1; report >= Math.max(0, reports - REPORTS_REMEMBERED); report--) {
            int slot = (int) (report % REPORTS_REMEMBERED);
            if (reportIds[slot] == lastSr) {
                long measured = nowNanos - reportNanos[slot] - NtpTime.ofUnits65536(delay);
                return measured > RTT_NANOS_MAX
                        ? RTT_UNKNOWN
                        : Math.max(0, measured); // The receiver rounds its delay up at times.
            }
        }
        return RTT_UNKNOWN;
    }
}
