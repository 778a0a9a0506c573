package org.rotunda.media.rtcp;

import java.util.ArrayList;
import java.util.List;

/** Records the content of a compound, one line per call. */
final class RecordingRtcpSink implements RtcpSink {
    final List<String> facts = new ArrayList<>();
    final List<RtcpDrop> drops = new ArrayList<>();

    @Override
    public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        facts.add("SR %x %x %d %d %d".formatted(ssrc, ntpTimestamp, rtpTimestamp, packetCount, octetCount));
    }

    @Override
    public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
        facts.add("block %x %d %d %d %d %x %d"
                .formatted(
                        mediaSsrc,
                        ReportBlocks.fractionLost(report, block),
                        ReportBlocks.cumulativeLost(report, block),
                        ReportBlocks.extendedHighestSequence(report, block),
                        ReportBlocks.jitter(report, block),
                        ReportBlocks.lastSr(report, block),
                        ReportBlocks.delaySinceLastSr(report, block)));
    }

    @Override
    public void onBye(int ssrc) {
        facts.add("BYE %x".formatted(ssrc));
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
        facts.add("NACK %x %d".formatted(mediaSsrc, sequenceNumber));
    }

    @Override
    public void onPli(int mediaSsrc) {
        facts.add("PLI %x".formatted(mediaSsrc));
    }

    @Override
    public void onFir(int mediaSsrc, int commandSequence) {
        facts.add("FIR %x %d".formatted(mediaSsrc, commandSequence));
    }

    @Override
    public void onTransportFeedback(RtcpCompound feedback) {
        StringBuilder fact = new StringBuilder("TWCC %d @%d #%d:"
                .formatted(
                        TransportFeedback.baseSequence(feedback),
                        TransportFeedback.referenceTime(feedback),
                        TransportFeedback.feedbackCount(feedback)));
        TransportFeedback.forEach(feedback, new TransportFeedback.Sink() {
            @Override
            public void onReceived(int sequenceNumber, int ticks) {
                fact.append(" %d+%d".formatted(sequenceNumber, ticks));
            }

            @Override
            public void onNotReceived(int sequenceNumber) {
                fact.append(" -%d".formatted(sequenceNumber));
            }
        });
        facts.add(fact.toString());
    }

    @Override
    public void onRemb(long bitrateBps) {
        facts.add("REMB " + bitrateBps);
    }

    @Override
    public void onDropped(RtcpDrop drop) {
        drops.add(drop);
    }
}
