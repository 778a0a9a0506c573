package org.rotunda.media.rtcp;

/** Why an RTCP datagram, or one packet of it, was not used. Counted, never thrown. */
public enum RtcpDrop {
    /** The datagram is longer than {@link RtcpCompound#LENGTH_BYTES_MAX}. */
    TOO_LONG,
    /** A header or a stated length reaches past the end of the datagram. */
    TRUNCATED,
    BAD_VERSION,
    BAD_PADDING,
    /** More than {@link RtcpCompound#PACKETS_MAX} packets in one datagram. */
    TOO_MANY_PACKETS,
    /** A well framed packet of a known type whose content does not fit its length. */
    MALFORMED,
    /** A packet type or feedback message type we have no use for. */
    UNKNOWN_TYPE
}
