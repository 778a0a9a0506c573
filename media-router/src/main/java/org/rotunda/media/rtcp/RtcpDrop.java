package org.rotunda.media.rtcp;

/** Reasons why an RTCP datagram, or one packet of it, was not used. Drops are counted, never thrown. */
public enum RtcpDrop {
    /** The datagram is longer than {@link RtcpCompound#LENGTH_BYTES_MAX}. */
    TOO_LONG,
    /** A header or a stated length reaches past the end of the datagram. */
    TRUNCATED,
    BAD_VERSION,
    BAD_PADDING,
    /** The datagram has more than {@link RtcpCompound#PACKETS_MAX} packets. */
    TOO_MANY_PACKETS,
    /** The framing of the packet is right and its type is known, but its content does not fit its length. */
    MALFORMED,
    /** We have no use for this packet type or feedback message type. */
    UNKNOWN_TYPE
}
