package org.rotunda.load.hostile;

/** What a hostile datagram pretends to be. */
public enum Protocol {
    /** Connectivity checks. */
    STUN,
    /** Records of the handshake, of alerts and of the change of keys. */
    DTLS,
    RTP,
    RTCP,
    /** Data channels: DTLS records of application data on the wire. */
    SCTP
}
