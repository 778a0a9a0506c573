package org.rotunda.load.hostile;

/** The protocol that a hostile datagram imitates. */
public enum Protocol {
    /** ICE connectivity checks. */
    STUN,
    /** DTLS records except application data: handshake, alert and change-cipher-spec. */
    DTLS,
    RTP,
    RTCP,
    /** SCTP packets of data channels, which are DTLS records of application data on the wire. */
    SCTP
}
