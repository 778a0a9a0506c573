package org.rotunda.media.dtls;

/** Why a DTLS transport ended by itself. */
public enum DtlsCloseReason {
    /** No handshake within the deadline. */
    HANDSHAKE_TIMEOUT,
    /** The handshake failed: no common suite or SRTP profile, no client certificate, a bad signature, an alert. */
    HANDSHAKE_FAILED,
    /** The peer's certificate is none of those its description announced. */
    FINGERPRINT_MISMATCH,
    /** The peer closed, or gave up, in an authenticated record. */
    CLOSED_BY_PEER,
    /** A record of the authenticated peer could not be processed, or our own state is broken. */
    RECORD_FAILURE
}
