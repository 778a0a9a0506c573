package org.rotunda.media.srtp;

/**
 * The result of protecting or unprotecting a packet. After any result except {@link #OK} the packet is dropped and
 * counted.
 */
public enum SrtpResult {
    OK,
    /**
     * The index of the packet was used before or is older than the replay window (RFC 3711 §3.3.2). Or a packet to
     * repeat differs from the packet that was sent under its index. Sending another packet under a used index would use
     * a keystream twice.
     */
    REPLAYED,
    /** The packet to repeat was not sent, or the session does not hold its tag. */
    NEVER_SENT,
    /** The tag does not match. The packet is forged or damaged, or another association protected it. */
    AUTH_FAILED,
    /** The bytes are no whole RTP or RTCP packet, the packet is too long, or SRTCP is not encrypted. */
    MALFORMED,
    /** The peer uses more SSRCs than the table holds. */
    TOO_MANY_SSRCS,
    /** All 2^31 SRTCP indices of this SSRC are used, so the key may protect no further packet (RFC 3711 §9.2). */
    INDEX_EXHAUSTED
}
