package org.rotunda.media.sctp;

/**
 * The states of an association (RFC 9260 §4). {@link Handshake} leads to ESTABLISHED, and {@link Shutdown} leads from
 * there back to CLOSED.
 */
enum AssociationState {
    CLOSED,
    COOKIE_WAIT,
    COOKIE_ECHOED,
    ESTABLISHED,
    SHUTDOWN_PENDING,
    SHUTDOWN_SENT,
    SHUTDOWN_RECEIVED,
    SHUTDOWN_ACK_SENT;

    /** Returns whether the association is set up, so that messages and resets may be exchanged. */
    boolean isUp() {
        return compareTo(ESTABLISHED) >= 0;
    }
}
