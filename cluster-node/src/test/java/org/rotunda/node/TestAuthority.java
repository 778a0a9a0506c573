package org.rotunda.node;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that issues certificates for the nodes of one cluster, as PEM files. */
final class TestAuthority {
    private static final X500Name NAME = new X500Name("CN=authority");
    private static final Duration LIFE = Duration.ofHours(1);

    private final Path directory;
    private final KeyPair keys = newKeys();
    private int serial;

    TestAuthority(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        write("ca.crt", "CERTIFICATE", certificate(NAME, keys.getPublic(), true));
    }

    /** Issues a certificate for a node, and writes tls.key and tls.crt into the directory of ca.crt. */
    Path issue(String subject) throws IOException {
        KeyPair node = newKeys();
        write("tls.key", "PRIVATE KEY", node.getPrivate().getEncoded());
        write("tls.crt", "CERTIFICATE", certificate(new X500Name("CN=" + subject), node.getPublic(), false));
        return directory;
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] certificate(X500Name subject, PublicKey key, boolean isAuthority) throws IOException {
        Instant now = Instant.now();
        try {
            X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                            NAME,
                            BigInteger.valueOf(++serial),
                            Date.from(now.minus(LIFE)),
                            Date.from(now.plus(LIFE)),
                            subject,
                            key)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()));
            return certificate.getEncoded();
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
