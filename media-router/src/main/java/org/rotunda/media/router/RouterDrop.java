package org.rotunda.media.router;

/** The reasons why a datagram reached no transport. Their names are in metrics. */
enum RouterDrop {
    /** Not STUN, and no authentic check has come from its address. */
    UNKNOWN_SOURCE,
    /** Its first byte belongs to no protocol of ours (RFC 7983 §7). */
    UNKNOWN_KIND,
    STUN_MALFORMED,
    /** A check for a connection that is not here, or not any more. */
    STUN_UNKNOWN_UFRAG
}
