package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpDrop;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtcp.TransportFeedbackWriter;
import org.rotunda.media.time.Deadline;

/**
 * The RTCP of one transport. Passes the client's reports and requests to the streams that they concern, and sends our
 * reports and requests to the client. Owned by one event loop.
 */
final class RtcpExchange implements RtcpSink {
    /**
     * The maximum number of lost packets that a client may request at once. One datagram can request 5,000 packets, and
     * each request costs a search. A viewer of fifty streams requests about 1,000 packets if it receives nothing for a
     * tenth of a second.
     */
    static final int NACKS_MAX = 4_096;

    /**
     * The number of nanoseconds after which a client may request one more lost packet. It allows 8,000 requests per
     * second.
     */
    private static final long NANOS_PER_NACK = 125_000;

    private final Streams streams;
    private final ByteBufAllocator allocator;
    private final DropStatistics drops;
    private final QualityStatistics quality;
    private final RtcpReader reader = new RtcpReader(this);
    private final RtcpReporter reporter;
    private @Nullable TransportWideFeedback arrivals; // Null until a packet has a transport-wide sequence number.
    private final int ownSsrc;
    private long nowNanos;
    private long keyFrameRequests;
    private long nacksLeft = NACKS_MAX;
    private long nacksFilledNanos;
    private long rttNanos = SendStatistics.RTT_UNKNOWN;
    private long expected; // The packets that report blocks in the current datagram cover.
    private long lost;
    private boolean rttMeasured; // True if a report in the current datagram gave a round-trip time.

    /** The streams of the transport, and its output. */
    interface Streams {
        /** Returns the encoding with that SSRC, or null if the client sends no such encoding. */
        @Nullable
        ReceivedEncoding received(int ssrc);

        /** Returns the track whose media or RTX stream has that SSRC, or null if we send no such track. */
        @Nullable
        SentTrack sent(int ssrc);

        /** Takes a measured round-trip time of the transport. Called at most once per datagram. */
        void onRtt(long rttNanos);

        /** Takes valid transport-wide feedback, which is borrowed for the call. */
        void onTransportFeedback(RtcpCompound feedback);

        /** Takes the client's own limit of the total bit rate that we send. */
        void onRemb(long bps);

        /**
         * Takes the losses of the streams that we send. Called at most once per datagram.
         *
         * @param expected the number of packets since the client's previous report that the client should have got
         * @param lost the number of these packets that it did not get
         */
        void onLoss(long expected, long lost);

        /** Encrypts and queues an RTCP datagram, and takes ownership of it. */
        void sendRtcp(ByteBuf plaintext);
    }

    RtcpExchange(
            Streams streams,
            int ownSsrc,
            byte[] cname,
            ByteBufAllocator allocator,
            RandomGenerator random,
            DropStatistics drops,
            QualityStatistics quality) {
        this.streams = streams;
        this.ownSsrc = ownSsrc;
        this.allocator = allocator;
        this.drops = drops;
        this.quality = quality;
        this.reporter = new RtcpReporter(ownSsrc, cname, random, this::onReported);
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    RtcpReporter reporter() {
        return reporter;
    }

    /** Returns the time of the input that is being handled. */
    long nowNanos() {
        return nowNanos;
    }

    void setNowNanos(long nanos) {
        nowNanos = nanos;
    }

    long keyFrameRequests() {
        return keyFrameRequests;
    }

    /** Takes a decrypted datagram of the client, which is borrowed for the call. */
    void onDatagram(ByteBuf datagram) {
        rttMeasured = false;
        expected = 0;
        lost = 0;
        fillNacks();
        reader.read(datagram);
        if (rttMeasured) {
            streams.onRtt(rttNanos);
        }
        if (expected > 0) {
            streams.onLoss(expected, lost);
        }
    }

    /**
     * Returns the latest round-trip time of the transport, or {@link SendStatistics#RTT_UNKNOWN}. The time is measured
     * from the client's reports about our streams.
     */
    long rttNanos() {
        return rttNanos;
    }

    /** Notes the arrival of a packet with a transport-wide sequence number. */
    void onArrival(int transportSequence, int ssrc) {
        TransportWideFeedback feedback = arrivals;
        if (feedback == null) {
            feedback = new TransportWideFeedback(ownSsrc);
            arrivals = feedback;
        }
        feedback.onPacket(transportSequence, ssrc, nowNanos);
    }

    void onTimeout() {
        if (nowNanos >= reporter.nextDeadlineNanos()) {
            write(RtcpWriter.LENGTH_BYTES_MAX, out -> reporter.writeDue(out, nowNanos));
        }
        TransportWideFeedback feedback = arrivals;
        if (feedback != null && nowNanos >= feedback.nextDeadlineNanos()) {
            write(TransportFeedbackWriter.LENGTH_BYTES_MAX, out -> feedback.writeDue(out, nowNanos));
        }
    }

    long nextDeadlineNanos() {
        TransportWideFeedback feedback = arrivals;
        // Reports may be late by a tenth of their interval. With those of the other transports they cost fewer
        // wake-ups.
        long reports = Deadline.onGrid(reporter.nextDeadlineNanos(), TransportMedia.SENT_TICK_NANOS);
        return feedback == null ? reports : Deadline.min(reports, feedback.nextDeadlineNanos());
    }

    void sendPli(int mediaSsrc) {
        keyFrameRequests++;
        ByteBuf out = allocator.directBuffer(RtcpWriter.LENGTH_BYTES_MAX);
        RtcpWriter.pli(out, ownSsrc, mediaSsrc);
        streams.sendRtcp(out);
    }

    /** Tells the client the highest total bit rate that it should send. */
    void sendRemb(long bps, int[] ssrcs, int count) {
        ByteBuf out = allocator.directBuffer(RtcpWriter.LENGTH_BYTES_MAX);
        RtcpWriter.remb(out, ownSsrc, bps, ssrcs, count);
        streams.sendRtcp(out);
    }

    void sendNack(int mediaSsrc, int[] sequenceNumbers, int count) {
        ByteBuf out = allocator.directBuffer(RtcpWriter.LENGTH_BYTES_MAX);
        RtcpWriter.nack(out, ownSsrc, mediaSsrc, sequenceNumbers, count);
        streams.sendRtcp(out);
    }

    @Override
    public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        ReceivedEncoding encoding = streams.received(ssrc);
        if (encoding != null) {
            encoding.track().onSenderReport(encoding, ntpTimestamp, rtpTimestamp, nowNanos);
        }
    }

    @Override
    public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
        SentTrack track = streams.sent(mediaSsrc);
        if (track != null && track.ssrc() == mediaSsrc) {
            long expectedBefore = track.loss().expected();
            long lostBefore = track.loss().lost();
            long measuredNanos = track.onReportBlock(report, block, nowNanos);
            expected += track.loss().expected() - expectedBefore;
            lost += track.loss().lost() - lostBefore;
            if (measuredNanos != SendStatistics.RTT_UNKNOWN) {
                rttNanos = measuredNanos;
                rttMeasured = true;
            }
            if (track.statistics().hasSent()) {
                quality.down()
                        .onReportBlock(
                                track.statistics().fractionLost(),
                                track.statistics().jitter(),
                                track.clockRateHz());
            }
        }
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
        if (nacksLeft == 0) {
            drops.count(TransportDrop.RESEND_LIMITED);
            return;
        }
        nacksLeft--;
        SentTrack track = streams.sent(mediaSsrc);
        if (track != null && track.ssrc() == mediaSsrc) {
            track.onNack(sequenceNumber, nowNanos);
        }
    }

    @Override
    public void onPli(int mediaSsrc) {
        SentTrack track = streams.sent(mediaSsrc);
        if (track != null) {
            track.onPictureLoss(nowNanos);
        }
    }

    @Override
    public void onFir(int mediaSsrc, int commandSequence) {
        onPli(mediaSsrc); // The FIR's sequence number is not needed, because repeated requests are merged.
    }

    @Override
    public void onTransportFeedback(RtcpCompound feedback) {
        streams.onTransportFeedback(feedback);
    }

    @Override
    public void onRemb(long bitrateBps) {
        streams.onRemb(bitrateBps);
    }

    @Override
    public void onDropped(RtcpDrop drop) {
        drops.count(TransportDrop.RTCP_MALFORMED);
    }

    private void fillNacks() {
        long more = (nowNanos - nacksFilledNanos) / NANOS_PER_NACK;
        nacksLeft = Math.min(NACKS_MAX, nacksLeft + more);
        nacksFilledNanos += more * NANOS_PER_NACK;
    }

    /** Counts the quality of a client's stream after we have sent a report about it. */
    private void onReported(ReceptionStatistics received) {
        if (received.reportedPackets() > 0) {
            quality.up().onReportBlock(received.fractionLost(), received.jitter(), received.clockRateHz());
        }
    }

    private void write(int capacityBytes, Writer writer) {
        boolean more = true;
        while (more) {
            ByteBuf out = allocator.directBuffer(capacityBytes);
            more = writer.writeDue(out);
            if (more) {
                streams.sendRtcp(out);
            } else {
                out.release();
            }
        }
    }

    /** Writes the next due message. Returns false if no message is due. */
    @FunctionalInterface
    private interface Writer {
        boolean writeDue(ByteBuf out);
    }
}
