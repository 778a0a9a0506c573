package org.rotunda.media.sctp;

/** Why an association ended. */
public enum AssociationDownReason {
    /** The peer sent ABORT. */
    ABORTED_BY_PEER,
    /** We sent ABORT because the owner asked for it. */
    ABORTED,
    /** We sent ABORT because the peer broke the protocol or a limit. */
    PROTOCOL_VIOLATION,
    /** An orderly SHUTDOWN finished, whoever began it. */
    SHUT_DOWN,
    /** Too many retransmissions in a row without any answer. */
    PEER_UNREACHABLE
}
