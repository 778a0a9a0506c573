package org.rotunda.media.srtp;

/**
 * The result of protecting or unprotecting a packet. After any result but {@link #OK} the packet is dropped and
 * counted.
 */
public enum SrtpResult {
    OK,
    /**
     * The packet was seen before, or is older than the replay window (RFC 3711 §3.3.2). On sending, the packet would
     * use a keystream twice.
     */
    REPLAYED,
    /** The packet that should be repeated was not sent, or was sent too long ago. */
    NEVER_SENT,
    /** The tag does not match: the packet is forged or damaged, or has keys of another association. */
    AUTH_FAILED,
    /** The bytes are no whole RTP or RTCP packet within our size limits, or the packet is SRTCP without encryption. */
    MALFORMED,
    /** The peer uses more SSRCs than the table holds. */
    TOO_MANY_SSRCS,
    /** The key may protect no further SRTCP packet of this SSRC: all 2^31 indices are used (RFC 3711 §9.2). */
    INDEX_EXHAUSTED
}
