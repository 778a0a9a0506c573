package org.rotunda.media.srtp;

/** What became of a packet; all but {@link #OK} mean that it is dropped and counted. */
public enum SrtpResult {
    OK,
    /** Seen before, or older than the replay window (RFC 3711 §3.3.2). On the way out: would repeat a keystream. */
    REPLAYED,
    /** Asked to repeat a packet that was not sent, or too long ago. */
    NEVER_SENT,
    /** The tag does not match: forged, damaged, or keys of another association. */
    AUTH_FAILED,
    /** Not a whole RTP or RTCP packet of our size limits, or SRTCP without encryption. */
    MALFORMED,
    /** The peer opens more streams than the table holds. */
    TOO_MANY_SSRCS,
    /** This key may protect no further SRTCP packet of this SSRC: 2^31 are gone (RFC 3711 §9.2). */
    INDEX_EXHAUSTED
}
