package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.rotunda.media.feedback.NtpTime;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtcp.RtcpWriter;

/** The RTCP of a simulated peer. It sends reports and requests, and answers the router's requests. */
final class PeerRtcp implements RtcpSink {
    private static final long REPORT_NANOS = 500_000_000L;
    private static final long STUCK_NANOS = 300_000_000L;
    private static final int OWN_SSRC = 1;
    private static final byte[] CNAME = "peer".getBytes(StandardCharsets.US_ASCII);

    private final Simulation simulation;
    private final SimulatedPeer peer;
    private final RtcpReader reader = new RtcpReader(this);
    private Map<Integer, ReceivedStream> received = Map.of();
    private long reportedNanos = Long.MIN_VALUE / 2;
    private final TransportWideFeedback arrivals = new TransportWideFeedback(OWN_SSRC);
    private final List<Integer> transportSequences = new ArrayList<>();
    private long transportFeedbacks;
    private long rembBps = -1;
    private boolean feedbackStopped;

    PeerRtcp(Simulation simulation, SimulatedPeer peer) {
        this.simulation = simulation;
        this.peer = peer;
    }

    long transportFeedbacks() {
        return transportFeedbacks;
    }

    /** Notes the arrival of a packet with a transport-wide sequence number. */
    void onArrival(int transportSequence, int ssrc, long nowNanos) {
        transportSequences.add(transportSequence);
        arrivals.onPacket(transportSequence, ssrc, nowNanos);
    }

    /** Returns the transport-wide sequence numbers of all received packets, in the order of arrival. */
    List<Integer> transportSequences() {
        return transportSequences;
    }

    /** Returns the bit rate in the router's last REMB; -1 before the first REMB. */
    long rembBps() {
        return rembBps;
    }

    /** Sets whether the peer sends no transport-wide feedback, although it negotiated it. */
    void setFeedbackStopped(boolean isStopped) {
        feedbackStopped = isStopped;
    }

    void onTime(long nowNanos, Collection<ReceivedStream> streams, boolean nacks) {
        ByteBuf feedback = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX);
        while (arrivals.writeDue(feedback, nowNanos)) {
            if (!feedbackStopped) {
                peer.sendRtcp(feedback);
            }
            feedback = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX);
        }
        for (ReceivedStream stream : streams) {
            List<Integer> lost = new ArrayList<>();
            stream.onTime(nowNanos, lost::add);
            if (nacks && stream.isVideo() && !lost.isEmpty()) {
                ByteBuf out = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX, RtcpWriter.LENGTH_BYTES_MAX);
                int[] numbers = lost.stream().mapToInt(Integer::intValue).toArray();
                RtcpWriter.nack(out, OWN_SSRC, stream.ssrc(), numbers, numbers.length);
                peer.sendRtcp(out);
            }
            if (stream.isStuck(nowNanos, STUCK_NANOS)) {
                sendPli(stream.ssrc());
            }
        }
        if (nowNanos - reportedNanos >= REPORT_NANOS) {
            reportedNanos = nowNanos;
            report(nowNanos, streams);
        }
    }

    void sendPli(int ssrc) {
        ByteBuf out = Unpooled.buffer();
        RtcpWriter.pli(out, OWN_SSRC, ssrc);
        peer.sendRtcp(out);
    }

    private void report(long nowNanos, Collection<ReceivedStream> streams) {
        ByteBuf out = Unpooled.buffer();
        int report = RtcpWriter.beginReceiverReport(out, OWN_SSRC);
        for (ReceivedStream stream : streams) {
            if (stream.statistics().hasReceived()) {
                stream.statistics().writeReportBlockTo(out, nowNanos);
            }
        }
        RtcpWriter.endReport(out, report);
        RtcpWriter.cname(out, OWN_SSRC, CNAME);
        long ntp = NtpTime.ofUnixNanos(Simulation.UNIX_MINUS_MONOTONIC_NANOS + nowNanos);
        for (PublishedTrack track : peer.publishedTracks()) {
            for (PublishedStream stream : track.streams()) {
                if (stream.packets > 0) {
                    int rtp = stream.timestampAt(nowNanos, track.codec().clockRateHz());
                    RtcpWriter.endReport(
                            out, RtcpWriter.beginSenderReport(out, stream.ssrc(), ntp, rtp, (int) stream.packets, (int)
                                    stream.octets));
                }
            }
        }
        peer.sendRtcp(out);
    }

    void onDatagram(ByteBuf datagram, Map<Integer, ReceivedStream> streams) {
        received = streams;
        reader.read(datagram);
    }

    @Override
    public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        ReceivedStream stream = received.get(ssrc);
        if (stream != null) {
            stream.onSenderReport(ntpTimestamp, rtpTimestamp, simulation.nowNanos());
        }
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
        for (PublishedTrack track : peer.publishedTracks()) {
            for (PublishedStream stream : track.streams()) {
                if (stream.ssrc() == mediaSsrc) {
                    peer.resend(track, stream, sequenceNumber);
                }
            }
        }
    }

    @Override
    public void onPli(int mediaSsrc) {
        for (PublishedTrack track : peer.publishedTracks()) {
            for (PublishedStream stream : track.streams()) {
                if (stream.ssrc() == mediaSsrc) {
                    stream.onKeyFrameRequest();
                    track.requestKeyFrame();
                }
            }
        }
    }

    @Override
    public void onTransportFeedback(RtcpCompound feedback) {
        transportFeedbacks++;
    }

    @Override
    public void onRemb(long bitrateBps) {
        rembBps = bitrateBps;
    }
}
