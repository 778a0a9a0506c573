package org.rotunda.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;

/**
 * The server's choices in one DTLS 1.2 handshake. Requires an AES-GCM suite, a client certificate and an SRTP profile
 * (RFC 5764). Lives on a handshake thread until the handshake ends.
 */
final class DtlsServer extends DefaultTlsServer {
    /**
     * The first interval of the retransmission timer; the interval doubles each time. The usual first interval of 1 s
     * would be a long wait in a call, and media round trips are much shorter.
     */
    private static final int RESEND_MILLIS = 75;

    /** The suites that we accept. All use AES-GCM, as {@link DtlsAdmission#PROTECTED_LENGTH_MIN} requires. */
    private static final int[] CIPHER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    };

    private final DtlsIdentity identity;
    private final int timeoutMillis;
    private @Nullable SrtpProfile profile;
    private @Nullable SrtpKeys keys;
    private byte @Nullable [] peerCertificate;

    DtlsServer(DtlsIdentity identity, int timeoutMillis) {
        super(identity.crypto());
        this.identity = identity;
        this.timeoutMillis = timeoutMillis;
    }

    /** Returns the SRTP keys, or null until the handshake has succeeded. */
    @Nullable
    SrtpKeys keys() {
        return keys;
    }

    /**
     * Returns the peer's certificate in DER form, or null until the handshake has succeeded. The peer has proved that
     * it has the private key.
     */
    byte @Nullable [] peerCertificate() {
        return peerCertificate;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return CIPHER_SUITES.clone();
    }

    @Override
    protected boolean preferLocalCipherSuites() {
        return true;
    }

    /** Prefers P-256, the fastest curve of our providers, if the client supports it. */
    @Override
    protected int selectECDH(int minimumCurveBits) {
        int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
        if (offered != null) {
            for (int group : offered) {
                if (group == NamedGroup.secp256r1) {
                    return group;
                }
            }
        }
        return super.selectECDH(minimumCurveBits);
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return RESEND_MILLIS;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return timeoutMillis;
    }

    /**
     * Requires the extended master secret (RFC 7627). Without this secret, the keys could belong to another handshake,
     * and RFC 7627 §5.4 forbids exporting them.
     */
    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return identity.signer(context);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, TlsUtils.getDefaultSupportedSignatureAlgorithms(context), null);
    }

    /** Stores the certificate. The loop later compares its fingerprint and decides whether to trust it. */
    @Override
    public void notifyClientCertificate(Certificate clientCertificate) throws IOException {
        if (clientCertificate == null || clientCertificate.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
        peerCertificate = clientCertificate.getCertificateAt(0).getEncoded();
    }

    @Override
    @SuppressWarnings("rawtypes") // The raw type is Bouncy Castle's.
    public void processClientExtensions(Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(clientExtensions);
        UseSRTPData offer = clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
        profile = offer == null ? null : choose(offer.getProtectionProfiles());
        if (profile == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // The raw type is Bouncy Castle's.
    public Hashtable getServerExtensions() throws IOException {
        @SuppressWarnings("unchecked") // Bouncy Castle's raw type maps extension numbers to bytes.
        Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
        SrtpProfile chosen = profile;
        if (chosen != null) {
            TlsSRTPUtils.addUseSRTPExtension(
                    extensions, new UseSRTPData(new int[] {chosen.code()}, TlsUtils.EMPTY_BYTES));
        }
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        SrtpProfile chosen = profile;
        if (chosen != null) {
            keys = SrtpKeys.ofExporter(
                    chosen,
                    context.exportKeyingMaterial(SrtpKeys.EXPORTER_LABEL, null, chosen.keyingMaterialLengthBytes()));
        }
    }

    /**
     * Chooses a profile by our order of preference, not by the client's, because browsers list GCM, our first choice,
     * last (RFC 5764 §4.1.1).
     */
    private static @Nullable SrtpProfile choose(int[] offered) {
        for (SrtpProfile candidate : SrtpProfile.values()) {
            for (int code : offered) {
                if (code == candidate.code()) {
                    return candidate;
                }
            }
        }
        return null;
    }
}
