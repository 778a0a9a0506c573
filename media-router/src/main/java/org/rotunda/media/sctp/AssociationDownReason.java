package org.rotunda.media.sctp;

/** Reasons why an association ended. */
public enum AssociationDownReason {
    /** The peer sent ABORT. */
    ABORTED_BY_PEER,
    /** We sent ABORT because {@link DataChannels#abort} was called. */
    ABORTED,
    /** We sent ABORT because the peer violated the protocol or exceeded a limit. */
    PROTOCOL_VIOLATION,
    /** An orderly SHUTDOWN finished; either side may have begun it. */
    SHUT_DOWN,
    /** The peer left too many retransmissions in a row unanswered. */
    PEER_UNREACHABLE
}
