package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtp.SequenceNumbers;

/**
 * Statistics on the reception of one RTP stream, for report blocks (RFC 3550 §6.4.1, §A.3, §A.8). A packet restored
 * from RTX does not count as received, because the sender's congestion control must see the loss. Owned by one event
 * loop.
 */
public final class ReceptionStatistics {
    /**
     * The largest jump of sequence numbers within a stream. A larger jump is a restart if the next packet follows in
     * sequence (RFC 3550 §A.1, MAX_DROPOUT).
     */
    static final int DROPOUT_MAX = 3_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int ssrc;
    private int clockRateHz;
    // True if the clock rate has changed since the last packet. In that case previousTransit is still in units of the
    // old clock rate.
    private boolean clockRateChanged;
    private boolean started;
    private long first; // The extended sequence number of the first packet.
    private long highest;
    private long received;
    private long expectedPrior;
    private long receivedPrior;
    private long startNanos;
    private long previousTransit;
    private int jitter16; // Jitter in 1/16 of a timestamp unit, as §A.8 keeps it.
    private int strayNext = -1;
    private boolean hasSenderReport;
    private int lastSr;
    private long lastSrNanos;
    private int fractionLost;
    private long reportedPackets;

    public ReceptionStatistics(int ssrc, int clockRateHz) {
        this.ssrc = ssrc;
        this.clockRateHz = clockRateHz;
    }

    public int ssrc() {
        return ssrc;
    }

    /**
     * Sets the clock rate for the next packets. A sender may change the codec, and so the clock rate, within a stream
     * (RFC 7160).
     */
    public void setClockRateHz(int hz) {
        if (hz != clockRateHz) {
            clockRateHz = hz;
            clockRateChanged = true;
            jitter16 = 0;
        }
    }

    /** Counts a packet of the stream. Packets must be passed in the order of arrival. */
    public void onPacket(int sequenceNumber, int rtpTimestamp, long nowNanos) {
        if (!started) {
            start(sequenceNumber, rtpTimestamp, nowNanos);
            return;
        }
        long packet = SequenceNumbers.unwrap(sequenceNumber, highest);
        if (Math.abs(packet - highest) > DROPOUT_MAX) {
            boolean goesOn = sequenceNumber == strayNext;
            strayNext = SequenceNumbers.next(sequenceNumber);
            if (goesOn) {
                start(sequenceNumber, rtpTimestamp, nowNanos);
            }
            return;
        }
        strayNext = -1;
        received++;
        highest = Math.max(highest, packet);
        updateJitter(rtpTimestamp, nowNanos);
    }

    /** Handles a sender report of the stream. The next report block refers to this report. */
    public void onSenderReport(long ntpTimestamp, long nowNanos) {
        hasSenderReport = true;
        lastSr = NtpTime.middle32(ntpTimestamp);
        lastSrNanos = nowNanos;
    }

    /** Returns whether a packet has come. A stream without packets gets no report block. */
    public boolean hasReceived() {
        return started;
    }

    /** Appends the report block to a report begun with {@link RtcpWriter}, and starts the next loss interval. */
    public void writeReportBlockTo(ByteBuf out, long nowNanos) {
        long expected = expected();
        long expectedNow = expected - expectedPrior;
        long lostNow = expectedNow - (received - receivedPrior);
        expectedPrior = expected;
        receivedPrior = received;
        reportedPackets = Math.max(0, expectedNow);
        fractionLost = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
        RtcpWriter.reportBlock(
                out,
                ssrc,
                fractionLost,
                (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, cumulativeLost())),
                (int) (highest - SequenceNumbers.EXTENDED_START),
                jitter(),
                hasSenderReport ? lastSr : 0,
                hasSenderReport ? NtpTime.toUnits65536(Math.max(0, nowNanos - lastSrNanos)) : 0);
    }

    public long packetsReceived() {
        return received;
    }

    /**
     * The number of expected packets minus the number of received packets, since the start of the stream. Duplicates
     * can make the result negative.
     */
    public long cumulativeLost() {
        return expected() - received;
    }

    /** The share of packets lost in the interval of the last report block, in 1/256. */
    public int fractionLost() {
        return fractionLost;
    }

    /**
     * Returns the number of packets expected in the interval of the last report block. If the number is 0, {@link
     * #fractionLost} has no meaning.
     */
    public long reportedPackets() {
        return reportedPackets;
    }

    /** Returns the RTP clock rate, which gives the unit of {@link #jitter}. */
    public int clockRateHz() {
        return clockRateHz;
    }

    /** The interarrival jitter in units of the RTP clock. */
    public int jitter() {
        return jitter16 >>> 4;
    }

    public long jitterNanos() {
        return jitter() * NANOS_PER_SECOND / clockRateHz;
    }

    private long expected() {
        return started ? highest - first + 1 : 0;
    }

    private void start(int sequenceNumber, int rtpTimestamp, long nowNanos) {
        started = true;
        first = SequenceNumbers.first(sequenceNumber);
        highest = first;
        received = 1;
        expectedPrior = 0;
        receivedPrior = 0;
        startNanos = nowNanos;
        previousTransit = -(long) rtpTimestamp;
        clockRateChanged = false;
        jitter16 = 0;
        strayNext = -1;
    }

    private void updateJitter(int rtpTimestamp, long nowNanos) {
        long transit = clockUnits(nowNanos - startNanos) - rtpTimestamp;
        long distance =
                Math.abs((long) (int) (transit - previousTransit)); // The difference is modulo 2^32, like timestamps.
        previousTransit = transit;
        // A jump of 10 s or more is a new timestamp base and not jitter.
        if (!clockRateChanged && distance < clockRateHz * 10L) {
            jitter16 += (int) (distance - ((jitter16 + 8) >> 4));
        }
        clockRateChanged = false;
    }

    /**
     * Converts nanoseconds to clock units. Whole seconds are converted separately, because the product of all
     * nanoseconds and the clock rate would overflow after a day.
     */
    private long clockUnits(long nanos) {
        return nanos / NANOS_PER_SECOND * clockRateHz + nanos % NANOS_PER_SECOND * clockRateHz / NANOS_PER_SECOND;
    }
}
