package org.rotunda.media.sctp;

/**
 * The parameters that one INIT exchange settles. A state cookie contains the same parameters (RFC 9260 §5.1.3). Tags
 * and TSNs are raw 32-bit values.
 *
 * @param tieLocalTag our tag of the association that existed when the INIT came, 0 if there was none (§5.2.2)
 * @param tiePeerTag the peer's tag of that association, 0 if unknown
 */
record AssociationParameters(
        int localTag,
        int peerTag,
        int localInitialTsn,
        int peerInitialTsn,
        long peerWindowBytes,
        int peerInboundStreams,
        boolean peerForwardTsn,
        boolean peerReconfig,
        int tieLocalTag,
        int tiePeerTag) {}
