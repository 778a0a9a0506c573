package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.rtcp.ReportBlocks;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpWriter;

/**
 * Counts the sent packets of one RTP stream, and keeps the figures that the receiver reports (RFC 3550 §6.4.1). Writes
 * the sender reports of the stream, and measures the round-trip time from the report blocks that answer them. Owned by
 * one event loop.
 *
 * <p>The sending time of each report is kept with its LSR value. The round-trip time is computed from this sending
 * time, so the wall clock in the reports does not matter.
 */
public final class SendStatistics {
    /** The number of sender reports remembered: eight seconds at one report per second. */
    static final int REPORTS_REMEMBERED = 8;

    /** The longest plausible round-trip time. A longer measurement is ignored. */
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

    /** Appends a sender report without blocks. The caller ends the report with {@link RtcpWriter#endReport}. */
    public int beginSenderReport(ByteBuf out, long ntpTimestamp, int rtpTimestamp, long nowNanos) {
        int slot = (int) (reports++ % REPORTS_REMEMBERED);
        reportIds[slot] = NtpTime.middle32(ntpTimestamp);
        reportNanos[slot] = nowNanos;
        return RtcpWriter.beginSenderReport(out, ssrc, ntpTimestamp, rtpTimestamp, (int) packets, (int) octets);
    }

    /**
     * Handles the report block about this stream.
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

    /** The share of packets lost in the interval of the receiver's last report, in 1/256. */
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
                        : Math.max(0, measured); // The value is negative if the receiver rounded its delay up.
            }
        }
        return RTT_UNKNOWN;
    }
}
