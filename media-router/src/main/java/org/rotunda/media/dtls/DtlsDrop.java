package org.rotunda.media.dtls;

import java.util.Locale;

/** Why a datagram was dropped; each reason is counted per transport. */
public enum DtlsDrop {
    /** Longer than any datagram a DTLS peer of ours may send. */
    OVERSIZE_DATAGRAM,
    /** Not a sequence of whole DTLS 1.2 records of types 20 to 23. */
    MALFORMED_RECORD,
    /** A plaintext handshake record that is not a sequence of whole fragments. */
    MALFORMED_HANDSHAKE,
    /** A plaintext handshake fragment claims a message beyond our limit (CVE-2026-59646). */
    OVERSIZE_HANDSHAKE,
    /** A plaintext alert when keys exist: anyone could have written it. */
    ALERT_AFTER_KEYS,
    /** Before the handshake only a ClientHello is of use; records of an older association are not. */
    NOT_A_CLIENT_HELLO,
    /** All handshake threads are busy; the client's retransmission tries again. */
    HANDSHAKES_BUSY,
    /** The handshake, or the verification of the peer, is behind by more datagrams than we keep. */
    QUEUE_FULL,
    /** A ChangeCipherSpec came before the record that precedes it; the client repeats both. */
    OUT_OF_ORDER,
    /** Admitted, but no record of it carried data: forged, damaged, seen before, or a repetition of the handshake's last flight. */
    NOTHING_READ,
    /** The transport is closed. */
    CLOSED;

    private final String metricName = "dtls_" + name().toLowerCase(Locale.ROOT);

    /** As the metrics call it. */
    String metricName() {
        return metricName;
    }
}
