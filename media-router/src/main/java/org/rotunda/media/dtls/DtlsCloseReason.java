package org.rotunda.media.dtls;

/** Reasons why a DTLS transport ended without a call of {@link DtlsTransport#close}. */
public enum DtlsCloseReason {
    /** The handshake did not finish before its deadline. */
    HANDSHAKE_TIMEOUT,
    /** The handshake failed, for example because the client has no certificate or shares no SRTP profile with us. */
    HANDSHAKE_FAILED,
    /** The peer's certificate matches no fingerprint of its description. */
    FINGERPRINT_MISMATCH,
    /** The peer closed the association or ended it with an alert. The record was authenticated. */
    CLOSED_BY_PEER,
    /** A record of the authenticated peer could not be processed, or our own state is broken. */
    RECORD_FAILURE
}
