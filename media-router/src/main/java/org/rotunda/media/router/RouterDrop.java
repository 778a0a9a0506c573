package org.rotunda.media.router;

/** The reasons why a datagram reached no transport, or a packet not another loop. The names appear in metrics. */
enum RouterDrop {
    /** The datagram is not STUN, and no authentic check has come from its address. */
    UNKNOWN_SOURCE,
    /** The datagram's first byte belongs to no protocol that we speak (RFC 7983 §7). */
    UNKNOWN_KIND,
    STUN_MALFORMED,
    /** The datagram is a check for a connection that is not here, or no longer here. */
    STUN_UNKNOWN_UFRAG,
    /** The datagram is a check from an address from which another client has sent a check in the last 10 s. */
    STUN_ADDRESS_HELD,
    /** A packet or a message for another loop of the node, whose queue is full or has too many of the same publisher. */
    LOOP_RELAY_FULL
}
