package org.rotunda.media.rtcp;

/**
 * Hears the content of a compound as plain numbers, see {@link RtcpReader}. SSRCs, NTP timestamps and counters are raw
 * bits. What a receiver has no use for it leaves at the default, which does nothing.
 */
public interface RtcpSink {
    default void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {}

    /** A report block about {@code mediaSsrc}: read its fields through {@link ReportBlocks} during the call. */
    default void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {}

    default void onBye(int ssrc) {}

    default void onNack(int mediaSsrc, int sequenceNumber) {}

    default void onPli(int mediaSsrc) {}

    default void onFir(int mediaSsrc, int commandSequence) {}

    /** Valid feedback: read it through {@link TransportFeedback} during the call. */
    default void onTransportFeedback(RtcpCompound feedback) {}

    default void onRemb(long bitrateBps) {}

    /** A whole datagram or one packet of it was not used. */
    default void onDropped(RtcpDrop drop) {}
}
