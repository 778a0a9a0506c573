package org.rotunda.media.dtls;

import org.bouncycastle.tls.DTLSTransport;
import org.rotunda.media.srtp.SrtpKeys;

/** How a handshake ended. */
public sealed interface DtlsHandshakeResult {

    /** Both sides are done. The peer's certificate is not verified yet, so its keys must not be used yet. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and handed on once.
    record Established(DTLSTransport records, SrtpKeys keys, byte[] peerCertificate) implements DtlsHandshakeResult {}

    record Failed(DtlsCloseReason reason) implements DtlsHandshakeResult {}
}
