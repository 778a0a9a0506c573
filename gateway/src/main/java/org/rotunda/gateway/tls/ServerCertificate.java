package org.rotunda.gateway.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * A certificate chain with its private key, ready for connections. TLS 1.2 and 1.3 only, and only ciphers with forward
 * secrecy and authenticated encryption. Immutable, and safe to use from any thread.
 */
final class ServerCertificate {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final byte[] PROOF = {1, 2, 3};

    private final SSLContext context;
    private final X509Certificate leaf;

    private ServerCertificate(SSLContext context, X509Certificate leaf) {
        this.context = context;
        this.leaf = leaf;
    }

    /** Makes a certificate of the contents of the files, and checks that they belong together. */
    static ServerCertificate of(PemFiles files) throws UnusableCertificateException {
        List<X509Certificate> chain = files.chain();
        PrivateKey key = files.privateKey();
        X509Certificate leaf = chain.get(0);
        try {
            if (!belongTogether(key, leaf)) {
                throw new UnusableCertificateException("rotunda.http.tls.key: the key in "
                        + files.settings().key() + " is not that of the first certificate in "
                        + files.settings().certificate());
            }
            return new ServerCertificate(context(key, chain), leaf);
        } catch (GeneralSecurityException | IOException refused) {
            throw new UnusableCertificateException(
                    "rotunda.http.tls: this key and certificate cannot be used: " + refused.getMessage(), refused);
        }
    }

    /** Signs something with the key, and lets the certificate verify it. */
    private static boolean belongTogether(PrivateKey key, X509Certificate leaf)
            throws GeneralSecurityException, UnusableCertificateException {
        if (!key.getAlgorithm().equals(leaf.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(signatureOf(key));
        signature.initSign(key);
        signature.update(PROOF);
        byte[] signed = signature.sign();
        signature.initVerify(leaf.getPublicKey());
        signature.update(PROOF);
        return signature.verify(signed);
    }

    private static String signatureOf(PrivateKey key) throws UnusableCertificateException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default ->
                throw new UnusableCertificateException(
                        "rotunda.http.tls.key: a key of the kind " + key.getAlgorithm() + "; use EC, RSA or Ed25519");
        };
    }

    private static SSLContext context(PrivateKey key, List<X509Certificate> chain)
            throws GeneralSecurityException, IOException {
        char[] noPassword = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, noPassword);
        store.setKeyEntry("server", key, noPassword, chain.toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, noPassword);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Returns the server's end of a new connection. */
    SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(Arrays.stream(engine.getEnabledCipherSuites())
                .filter(ServerCertificate::isModern)
                .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static boolean isModern(String suite) {
        boolean isOfTls13 = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
        boolean isAuthenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
        return isOfTls13 || (suite.startsWith("TLS_ECDHE_") && isAuthenticated);
    }

    /** Returns the name of the server in its certificate. */
    String subject() {
        return leaf.getSubjectX500Principal().getName();
    }

    /** Returns the time until which the certificate is valid. */
    Instant notAfter() {
        return leaf.getNotAfter().toInstant();
    }
}
