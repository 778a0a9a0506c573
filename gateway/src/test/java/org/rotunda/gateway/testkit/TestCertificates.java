package org.rotunda.gateway.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** A certificate authority with one issuer below it, which issues certificates for servers. */
public final class TestCertificates {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair rootKeys = keys("EC");
    private final KeyPair issuerKeys = keys("EC");
    private final X509Certificate root =
            certificate("root", rootKeys.getPublic(), "root", rootKeys.getPrivate(), true, LIFE, List.of());
    private final X509Certificate issuer =
            certificate("issuer", issuerKeys.getPublic(), "root", rootKeys.getPrivate(), true, LIFE, List.of());

    /** A server's certificate, the certificate of its issuer, and the server's keys. */
    public record Issued(X509Certificate leaf, X509Certificate issuer, KeyPair keys) {
        /** Writes the chain and the key into these files, each in one step. */
        public void write(Path certificate, Path key) {
            replace(certificate, pem(leaf) + pem(issuer));
            replace(key, pkcs8(keys.getPrivate(), null));
        }
    }

    /** Issues a certificate for these host names and addresses, with keys of a kind such as EC, RSA or Ed25519. */
    public Issued issue(String kind, String... names) {
        return issue(kind, LIFE, names);
    }

    /** @param life the time for which the certificate is valid; it may have ended already */
    public Issued issue(String kind, Duration life, String... names) {
        KeyPair keys = keys(kind);
        X509Certificate leaf = certificate(
                names[0], keys.getPublic(), "issuer", issuerKeys.getPrivate(), false, life, Arrays.asList(names));
        return new Issued(leaf, issuer, keys);
    }

    /** Returns a context that trusts this authority only. */
    public SSLContext clientContext() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("root", root);
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    public X509Certificate root() {
        return root;
    }

    /** Returns an object as PEM: a certificate, a key pair in the old form of its kind, or a key in PKCS#8. */
    public static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Returns a private key in PKCS#8 as PEM, encrypted if there is an encryptor. */
    public static String pkcs8(PrivateKey key, @Nullable OutputEncryptor encryptor) {
        try {
            return pem(new JcaPKCS8Generator(key, encryptor).generate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a private key in the old form of its kind, as OpenSSL writes it: EC PRIVATE KEY, or RSA PRIVATE KEY. */
    public static String traditional(KeyPair keys) {
        if (!(keys.getPrivate() instanceof ECPrivateKey key)) {
            return pem(keys);
        }
        try {
            return pem(new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1)
                            .getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a file in one step, so that nobody reads half of it. */
    public static void replace(Path file, String text) {
        try {
            Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair keys(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("RSA")) {
                generator.initialize(2048);
            }
            if (kind.equals("EC")) {
                generator.initialize(256);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate certificate(
            String subject,
            PublicKey key,
            String issuer,
            PrivateKey issuerKey,
            boolean isAuthority,
            Duration life,
            List<String> names) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    new BigInteger(64, RANDOM).add(BigInteger.ONE),
                    Date.from(now.minus(LIFE.multipliedBy(2))),
                    Date.from(now.plus(life)),
                    new X500Name("CN=" + subject),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                                names.stream().map(TestCertificates::name).toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static GeneralName name(String text) {
        boolean isAddress = text.matches("[0-9.]+|.*:.*");
        return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }
}
