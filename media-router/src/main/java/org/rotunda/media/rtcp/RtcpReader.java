package org.rotunda.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * Reads decrypted RTCP datagrams and passes their content to an {@link RtcpSink}. Never throws, whatever a peer sends.
 * The work is bounded by the datagram's length and {@link TransportFeedback#STATUSES_MAX}. Owned by one event loop.
 */
public final class RtcpReader implements GenericNack.Sink {
    private final RtcpCompound compound = new RtcpCompound();
    private final RtcpSink sink;
    private int nackedSsrc;

    public RtcpReader(RtcpSink sink) {
        this.sink = sink;
    }

    /** Reads one datagram, which is borrowed for the call. */
    public void read(ByteBuf datagram) {
        RtcpDrop drop = compound.wrap(datagram);
        if (drop != null) {
            sink.onDropped(drop);
            return;
        }
        while (compound.next()) {
            switch (compound.packetType()) {
                case RtcpType.SR -> onSenderReport();
                case RtcpType.RR -> onReceiverReport();
                case RtcpType.BYE -> onBye();
                case RtcpType.RTPFB -> onTransportLayerFeedback();
                case RtcpType.PSFB -> onPayloadSpecificFeedback();
                // Signaling carries the names of the participants, so the content is not used.
                case RtcpType.SDES -> dropUnless(SourceDescription.isValid(compound));
                default -> sink.onDropped(RtcpDrop.UNKNOWN_TYPE);
            }
        }
        compound.clear();
    }

    @Override
    public void onNack(int sequenceNumber) {
        sink.onNack(nackedSsrc, sequenceNumber);
    }

    private void onSenderReport() {
        if (dropUnless(SenderReport.isValid(compound))) {
            sink.onSenderReport(
                    SenderReport.ssrc(compound),
                    SenderReport.ntpTimestamp(compound),
                    SenderReport.rtpTimestamp(compound),
                    SenderReport.packetCount(compound),
                    SenderReport.octetCount(compound));
            onReportBlocks();
        }
    }

    private void onReceiverReport() {
        if (dropUnless(ReceiverReport.isValid(compound))) {
            onReportBlocks();
        }
    }

    private void onReportBlocks() {
        for (int block = 0; block < compound.count(); block++) {
            sink.onReportBlock(ReportBlocks.ssrc(compound, block), compound, block);
        }
    }

    private void onBye() {
        if (dropUnless(Bye.isValid(compound))) {
            for (int i = 0; i < compound.count(); i++) {
                sink.onBye(Bye.ssrc(compound, i));
            }
        }
    }

    private void onTransportLayerFeedback() {
        switch (compound.count()) {
            case RtcpType.FMT_NACK -> {
                if (dropUnless(GenericNack.isValid(compound))) {
                    nackedSsrc = FeedbackHeader.mediaSsrc(compound);
                    GenericNack.forEach(compound, this);
                }
            }
            case RtcpType.FMT_TRANSPORT_FEEDBACK -> {
                if (dropUnless(TransportFeedback.isValid(compound))) {
                    sink.onTransportFeedback(compound);
                }
            }
            default -> sink.onDropped(RtcpDrop.UNKNOWN_TYPE);
        }
    }

    private void onPayloadSpecificFeedback() {
        switch (compound.count()) {
            case RtcpType.FMT_PLI -> {
                if (dropUnless(FeedbackHeader.isValid(compound))) {
                    sink.onPli(FeedbackHeader.mediaSsrc(compound));
                }
            }
            case RtcpType.FMT_FIR -> onFir();
            case RtcpType.FMT_AFB -> {
                if (dropUnless(Remb.isValid(compound))) {
                    sink.onRemb(Remb.bitrateBps(compound));
                }
            }
            default -> sink.onDropped(RtcpDrop.UNKNOWN_TYPE);
        }
    }

    private void onFir() {
        if (dropUnless(FullIntraRequest.isValid(compound))) {
            for (int entry = 0; entry < FullIntraRequest.entries(compound); entry++) {
                sink.onFir(FullIntraRequest.ssrc(compound, entry), FullIntraRequest.commandSequence(compound, entry));
            }
        }
    }

    private boolean dropUnless(boolean valid) {
        if (!valid) {
            sink.onDropped(RtcpDrop.MALFORMED);
        }
        return valid;
    }
}
