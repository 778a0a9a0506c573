package org.rotunda.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;

/**
 * A DTLS-SRTP client like that of a WebRTC peer. The node uses it at boot to warm up its DTLS server, and in-memory
 * tests use it as the peer. Calls block; each instance is used once.
 */
public final class LoopbackDtlsClient extends DefaultTlsClient {
    /** The outcome of a successful handshake on the client's side. */
    @SuppressWarnings("ArrayRecordComponent") // The record is never compared.
    public record Connected(DTLSTransport records, SrtpKeys keys, byte[] serverCertificate) {}

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int RESEND_MILLIS = 50;

    private final @Nullable DtlsIdentity identity;
    private final List<SrtpProfile> profiles;
    private @Nullable SrtpProfile chosen;
    private @Nullable SrtpKeys keys;
    private byte @Nullable [] serverCertificate;

    /** Makes a client that offers these profiles in this order. Without an identity the client sends no certificate. */
    public LoopbackDtlsClient(DtlsIdentity crypto, @Nullable DtlsIdentity identity, List<SrtpProfile> profiles) {
        super(crypto.crypto());
        this.identity = identity;
        this.profiles = List.copyOf(profiles);
    }

    /** Runs the handshake and blocks until it is over. */
    public Connected connect(DatagramTransport datagrams) throws IOException {
        DTLSTransport records = new DTLSClientProtocol().connect(this, datagrams);
        SrtpKeys exported = keys;
        byte[] certificate = serverCertificate;
        if (exported == null || certificate == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
        return new Connected(records, exported, certificate);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return TIMEOUT_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return RESEND_MILLIS;
    }

    @Override
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        @SuppressWarnings("unchecked") // Bouncy Castle's raw type maps extension numbers to bytes.
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        if (!profiles.isEmpty()) {
            int[] codes = profiles.stream().mapToInt(SrtpProfile::code).toArray();
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(codes, TlsUtils.EMPTY_BYTES));
        }
        return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes") // The raw type is Bouncy Castle's.
    public void processServerExtensions(Hashtable serverExtensions) throws IOException {
        super.processServerExtensions(serverExtensions);
        UseSRTPData answer = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
        chosen = answer == null ? null : SrtpProfile.ofCode(answer.getProtectionProfiles()[0]);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        SrtpProfile profile = chosen;
        if (profile != null) {
            keys = SrtpKeys.ofExporter(
                    profile,
                    context.exportKeyingMaterial(SrtpKeys.EXPORTER_LABEL, null, profile.keyingMaterialLengthBytes()));
        }
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
                serverCertificate =
                        certificate.getCertificate().getCertificateAt(0).getEncoded();
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return identity == null ? null : identity.signer(context);
            }
        };
    }
}
