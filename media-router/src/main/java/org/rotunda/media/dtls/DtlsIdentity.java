package org.rotunda.media.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * The identity of this node in DTLS: a self-signed ECDSA P-256 certificate and its key, which is made at boot. Peers
 * trust the certificate by its fingerprint in the SDP, never by a chain (RFC 8122). Immutable; usable from any thread.
 */
public final class DtlsIdentity {
    private static final Duration VALIDITY =
            Duration.ofDays(365); // No node runs this long, and peers check only the hash.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final int SERIAL_BITS = 64;

    private final KeyPair keyPair;
    private final byte[] certificateDer;
    private final Instant madeAt;
    private final JcaTlsCrypto crypto;

    private DtlsIdentity(KeyPair keyPair, byte[] certificateDer, Instant madeAt, JcaTlsCrypto crypto) {
        this.keyPair = keyPair;
        this.certificateDer = certificateDer;
        this.madeAt = madeAt;
        this.crypto = crypto;
    }

    /** Makes a key and its certificate. This takes some milliseconds. */
    public static DtlsIdentity generate(SecureRandom random, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keyPair = generator.generateKeyPair();
            return new DtlsIdentity(keyPair, certificate(keyPair, random, now), now, DtlsCrypto.create(random));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a DTLS key", e);
        }
    }

    /**
     * Makes another certificate for the same key, which has another fingerprint. A client that finds a new fingerprint in
     * our offer starts a new DTLS association; with the same fingerprint it keeps the old one (RFC 8842 §4). This takes
     * some 0.2 ms in a warm process, so a loop may do it for each connection that moves here.
     */
    public DtlsIdentity renewed() {
        return new DtlsIdentity(keyPair, certificate(keyPair, crypto.getSecureRandom(), madeAt), madeAt, crypto);
    }

    private static byte[] certificate(KeyPair keyPair, SecureRandom random, Instant now) {
        X500Name name = new X500Name("CN=WebRTC"); // Browsers use the same name.
        try {
            return new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(SERIAL_BITS, random),
                            Date.from(now.minus(CLOCK_SKEW)),
                            Date.from(now.plus(VALIDITY)),
                            name,
                            keyPair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keyPair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a DTLS certificate", e);
        }
    }

    /** Returns the fingerprint of the certificate, for the {@code a=fingerprint} line. */
    public DtlsFingerprint fingerprint() {
        return DtlsFingerprint.ofCertificate(certificateDer);
    }

    JcaTlsCrypto crypto() {
        return crypto;
    }

    TlsCredentialedSigner signer(TlsContext context) throws IOException {
        Certificate chain = new Certificate(new TlsCertificate[] {crypto.createCertificate(certificateDer)});
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                keyPair.getPrivate(),
                chain,
                SignatureAndHashAlgorithm.getInstance(
                        SignatureScheme.getHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256),
                        SignatureScheme.getSignatureAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256)));
    }
}
