package org.rotunda.media.sdp;

/** The m-line of the data channels (RFC 8841). */
final class ApplicationLine {
    static final String PROTOCOL = "UDP/DTLS/SCTP";
    static final String FORMAT = "webrtc-datachannel";
    static final int SCTP_PORT = 5_000;
    static final int MAX_MESSAGE_SIZE_BYTES = 262_144;
    private static final int MAX_MESSAGE_SIZE_DEFAULT_BYTES = 65_536; // RFC 8841 §6.1.

    private ApplicationLine() {}

    /** Reads the client's m-line. Returns false if it is not SCTP over DTLS over UDP or has no SCTP port. */
    static boolean read(MediaSection section, MLine line) {
        String port = section.attribute("sctp-port");
        long sctpPort = port == null ? -1 : SdpParser.number(port, 0xFFFF);
        if (!section.protocol().equals(PROTOCOL) || !section.formats().contains(FORMAT) || sctpPort <= 0) {
            return false;
        }
        String size = section.attribute("max-message-size");
        long maxSize = size == null ? -1 : SdpParser.number(size, Long.MAX_VALUE);
        line.sctpPort = (int) sctpPort;
        if (maxSize < 0) {
            line.maxMessageSizeBytes = MAX_MESSAGE_SIZE_DEFAULT_BYTES;
        } else {
            line.maxMessageSizeBytes = maxSize == 0 ? Integer.MAX_VALUE : (int) Math.min(maxSize, Integer.MAX_VALUE);
        }
        return true;
    }
}
