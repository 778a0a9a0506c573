package org.rotunda.media.sctp;

/**
 * The parameters that one INIT exchange settles; also the content of a state cookie (RFC 9260 §5.1.3). Tags and TSNs
 * are raw 32 bits.
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
