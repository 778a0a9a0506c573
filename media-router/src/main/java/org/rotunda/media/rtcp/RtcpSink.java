package org.rotunda.media.rtcp;

/**
 * Receives the content of a compound as plain numbers from {@link RtcpReader}. SSRCs, NTP timestamps and counters are
 * raw bits. By default each method does nothing.
 */
public interface RtcpSink {
    default void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {}

    /**
     * Receives a report block about {@code mediaSsrc}. Its fields can be read with {@link ReportBlocks} during the
     * call.
     */
    default void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {}

    default void onBye(int ssrc) {}

    default void onNack(int mediaSsrc, int sequenceNumber) {}

    default void onPli(int mediaSsrc) {}

    default void onFir(int mediaSsrc, int commandSequence) {}

    /** Receives valid feedback. Its content can be read with {@link TransportFeedback} during the call. */
    default void onTransportFeedback(RtcpCompound feedback) {}

    default void onRemb(long bitrateBps) {}

    /** Called when a whole datagram or one packet of it was not used. */
    default void onDropped(RtcpDrop drop) {}
}
