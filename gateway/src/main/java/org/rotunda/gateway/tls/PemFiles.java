package org.rotunda.gateway.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * The contents of the two PEM files at one moment. Both may be one file with the certificates and the key.
 *
 * @param settings the names of the files, for messages
 */
record PemFiles(TlsSettings settings, String certificate, String key) {
    private static final String CERTIFICATE_KEY = "rotunda.http.tls.certificate: ";
    private static final String KEY_KEY = "rotunda.http.tls.key: ";

    /** Certificate chains have some kilobytes. The limit keeps a wrong file name from filling the memory. */
    private static final long BYTES_MAX = 1024 * 1024;

    /** Reads both files. */
    static PemFiles read(TlsSettings settings) throws UnusableCertificateException {
        return new PemFiles(settings, text(CERTIFICATE_KEY, settings.certificate()), text(KEY_KEY, settings.key()));
    }

    private static String text(String what, Path file) throws UnusableCertificateException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new UnusableCertificateException(what + file + " is too long for a PEM file");
            }
            // PEM is ASCII. In this character set every byte is a character, so other files are read too and refused.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            String reason = Files.exists(file) ? " cannot be read: " + unreadable.getMessage() : " does not exist";
            throw new UnusableCertificateException(what + file + reason, unreadable);
        }
    }

    /** Returns a digest of both contents. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(certificate.getBytes(StandardCharsets.ISO_8859_1));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform has SHA-256.
        }
    }

    /** Returns the certificates, that of the server first. */
    List<X509Certificate> chain() throws UnusableCertificateException {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Object each : objects(certificate)) {
                if (each instanceof X509CertificateHolder holder) {
                    chain.add(converter.getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException | IllegalStateException malformed) {
            throw new UnusableCertificateException(
                    CERTIFICATE_KEY + settings.certificate() + " is not a correct PEM file", malformed);
        }
        if (chain.isEmpty()) {
            throw new UnusableCertificateException(
                    CERTIFICATE_KEY + settings.certificate() + " has no certificate (BEGIN CERTIFICATE)");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                throw new UnusableCertificateException(CERTIFICATE_KEY + settings.certificate()
                        + " is not in order: first the certificate of this server, then each time that of the issuer;"
                        + " the issuer of " + chain.get(i).getSubjectX500Principal() + " does not follow it");
            }
        }
        return chain;
    }

    /** Returns the first private key. */
    PrivateKey privateKey() throws UnusableCertificateException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object each : objects(key)) {
                if (each instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (each instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo()); // The public key may be missing.
                }
                if (each instanceof PEMEncryptedKeyPair || each instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw new UnusableCertificateException(KEY_KEY + settings.key()
                            + " is encrypted, and this server has no place for its password: decrypt it with"
                            + " `openssl pkey -in FILE -out NEW`, and let only the user of this server read it");
                }
            }
        } catch (IOException | IllegalStateException malformed) {
            throw new UnusableCertificateException(
                    KEY_KEY + settings.key() + " is not a correct PEM file of a private key", malformed);
        }
        throw new UnusableCertificateException(KEY_KEY + settings.key() + " has no private key (BEGIN PRIVATE KEY)");
    }

    /** @throws IllegalStateException if the text between the lines of dashes is not base64 */
    private static List<Object> objects(String pem) throws IOException {
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                objects.add(next);
            }
        }
        return objects;
    }

    /** Leaves out the contents, because one of them is a secret. */
    @Override
    public String toString() {
        return "PemFiles[" + settings.certificate() + ", " + settings.key() + "]";
    }
}
