package org.rotunda.media.dtls;

import org.bouncycastle.tls.DTLSTransport;
import org.rotunda.media.srtp.SrtpKeys;

/** The result of a handshake. */
public sealed interface DtlsHandshakeResult {

    /** Both sides have finished. The peer's certificate is not verified yet, so the keys must not be used yet. */
    @SuppressWarnings("ArrayRecordComponent") // The record is never compared.
    record Established(DTLSTransport records, SrtpKeys keys, byte[] peerCertificate) implements DtlsHandshakeResult {}

    record Failed(DtlsCloseReason reason) implements DtlsHandshakeResult {}
}
