package org.rotunda.media.router;

/** Why a datagram reached no transport. Names in metrics. */
enum RouterDrop {
    /** Not STUN, and no authentic check has come from there. */
    UNKNOWN_SOURCE,
    /** A first byte that no protocol of ours has (RFC 7983 §7). */
    UNKNOWN_KIND,
    STUN_MALFORMED,
    /** A check for a connection that is not here, or not any more. */
    STUN_UNKNOWN_UFRAG
}
