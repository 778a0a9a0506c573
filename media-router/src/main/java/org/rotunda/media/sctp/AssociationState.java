package org.rotunda.media.sctp;

/** Where an association stands (RFC 9260 §4). {@link Handshake} moves it up to ESTABLISHED, {@link Shutdown} from there on. */
enum AssociationState {
    CLOSED,
    COOKIE_WAIT,
    COOKIE_ECHOED,
    ESTABLISHED,
    SHUTDOWN_PENDING,
    SHUTDOWN_SENT,
    SHUTDOWN_RECEIVED,
    SHUTDOWN_ACK_SENT;

    /** Whether both sides know the association: its chunks are read, and messages and resets may be exchanged. */
    boolean isUp() {
        return compareTo(ESTABLISHED) >= 0;
    }
}
