package org.rotunda.media.dtls;

import java.util.Locale;

/** Reasons why a datagram was dropped; each reason is counted per transport. */
public enum DtlsDrop {
    /** The datagram is longer than {@link DtlsAdmission#DATAGRAM_LENGTH_MAX}. */
    OVERSIZE_DATAGRAM,
    /** The datagram is not a sequence of whole DTLS 1.0 or 1.2 records of types 20 to 23. */
    MALFORMED_RECORD,
    /** A plaintext handshake record is not a sequence of whole fragments. */
    MALFORMED_HANDSHAKE,
    /**
     * A plaintext handshake fragment states a message length above {@link DtlsAdmission#HANDSHAKE_LENGTH_MAX}
     * (CVE-2026-59646).
     */
    OVERSIZE_HANDSHAKE,
    /** A plaintext alert came although keys exist. Anyone could have forged the alert. */
    ALERT_AFTER_KEYS,
    /** No handshake has begun, and the datagram is no ClientHello. It may belong to an older association. */
    NOT_A_CLIENT_HELLO,
    /**
     * No handshake thread is free, or the client's address or room has used up its share of the threads. The client's
     * retransmission starts another attempt.
     */
    HANDSHAKES_BUSY,
    /** The queue of datagrams that wait for the handshake or for the peer's fingerprint is full. */
    QUEUE_FULL,
    /** A ChangeCipherSpec overtook the record before it. The client repeats both. */
    OUT_OF_ORDER,
    /** No record in the datagram carried data: the records were forged, damaged or repeated. */
    NOTHING_READ,
    /** The transport is closed. */
    CLOSED;

    private final String metricName = "dtls_" + name().toLowerCase(Locale.ROOT);

    /** Returns the name of this reason in metrics. */
    String metricName() {
        return metricName;
    }
}
