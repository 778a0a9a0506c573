package org.rotunda.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.LogCapture;
import org.rotunda.gateway.testkit.TestCertificates;
import org.rotunda.gateway.testkit.TestCertificates.Issued;
import org.rotunda.gateway.tls.TlsSettings.PlainHttp;

/** Tests which files can be a certificate and its key, and what happens when they change. */
class CertificateKeeperTest {
    private static final TestCertificates AUTHORITY = new TestCertificates();
    private static final Issued ISSUED = AUTHORITY.issue("EC", "localhost");
    private static final char[] PASSWORD = "secret of the file".toCharArray();

    private final Path certificate;
    private final Path key;
    private final TlsSettings settings;

    CertificateKeeperTest(@TempDir Path directory) {
        certificate = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        settings = new TlsSettings(certificate, key, 0, PlainHttp.OFF, Duration.ofSeconds(1));
        ISSUED.write(certificate, key);
    }

    private CertificateKeeper open() {
        try {
            return CertificateKeeper.open(settings, Clock.systemUTC());
        } catch (UnusableCertificateException e) {
            throw new AssertionError(e);
        }
    }

    private String fault() {
        String[] message = {""};
        assertThatThrownBy(() -> CertificateKeeper.check(settings))
                .isInstanceOfSatisfying(
                        UnusableCertificateException.class, e -> message[0] = String.valueOf(e.getMessage()));
        return message[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void takesKeysOfEveryUsualKind(String kind) throws Exception {
        Issued issued = AUTHORITY.issue(kind, "localhost");
        issued.write(certificate, key);
        CertificateKeeper.check(settings);

        if (!kind.equals("Ed25519")) {
            TestCertificates.replace(key, TestCertificates.traditional(issued.keys()));
            assertThat(Files.readString(key)).contains(kind + " PRIVATE KEY");
            CertificateKeeper.check(settings);
        }
    }

    @Test
    void bothMayBeInOneFile() throws Exception {
        TestCertificates.replace(certificate, Files.readString(key) + Files.readString(certificate));

        CertificateKeeper.check(new TlsSettings(certificate, certificate, 0, PlainHttp.OFF, Duration.ofSeconds(1)));
    }

    @Test
    void speaksTls12And13WithModernCiphersOnly() {
        SSLEngine engine = open().newEngine();

        assertThat(engine.getUseClientMode()).isFalse();
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        assertThat(engine.getEnabledCipherSuites())
                .hasSizeGreaterThan(4)
                .allSatisfy(suite -> assertThat(suite)
                        .containsPattern("_GCM_|_CHACHA20_")
                        .containsPattern("^TLS_(AES|CHACHA20|ECDHE)_"));
        assertThat(Arrays.asList(engine.getSupportedCipherSuites()))
                .as("the platform has others")
                .anyMatch(suite -> suite.contains("_CBC_"));
    }

    @Test
    void saysWhatIsWrongWithTheCertificate() throws IOException {
        TestCertificates.replace(certificate, "-----BEGIN CERTIFICATE-----\nnot base64 §\n-----END CERTIFICATE-----\n");
        assertThat(fault())
                .startsWith("rotunda.http.tls.certificate: " + certificate)
                .contains("not a correct PEM");

        TestCertificates.replace(certificate, "hello");
        assertThat(fault()).contains(certificate + " has no certificate");

        TestCertificates.replace(
                certificate, TestCertificates.pem(ISSUED.issuer()) + TestCertificates.pem(ISSUED.leaf()));
        assertThat(fault()).contains(certificate + " is not in order", "CN=issuer");

        Files.delete(certificate);
        assertThat(fault()).contains(certificate + " does not exist");

        TestCertificates.replace(certificate, "x".repeat(1024 * 1024 + 1));
        assertThat(fault()).contains("too long");
    }

    @Test
    void saysWhatIsWrongWithTheKey() throws IOException {
        TestCertificates.replace(
                key,
                TestCertificates.pkcs8(AUTHORITY.issue("EC", "other").keys().getPrivate(), null));
        assertThat(fault()).startsWith("rotunda.http.tls.key: ").contains("is not that of the first certificate");

        TestCertificates.replace(
                key,
                TestCertificates.pkcs8(AUTHORITY.issue("RSA", "other").keys().getPrivate(), null));
        assertThat(fault()).contains("is not that of the first certificate");

        TestCertificates.replace(key, TestCertificates.pem(ISSUED.leaf()));
        assertThat(fault()).contains(key + " has no private key");

        TestCertificates.replace(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThat(fault()).contains("rotunda.http.tls.key: " + key);

        Files.delete(key);
        assertThat(fault()).contains(key + " does not exist");
    }

    @Test
    void saysThatAnEncryptedKeyIsNotPossible() throws IOException, OperatorCreationException {
        TestCertificates.replace(
                key,
                TestCertificates.pkcs8(
                        ISSUED.keys().getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setRandom(new SecureRandom())
                                .setPassword(PASSWORD)
                                .build()));
        assertThat(Files.readString(key)).contains("BEGIN ENCRYPTED PRIVATE KEY");
        assertThat(fault()).contains("is encrypted", "openssl pkey").doesNotContain(new String(PASSWORD));

        try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(key))) {
            writer.writeObject(
                    ISSUED.keys().getPrivate(),
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build(PASSWORD));
        }
        assertThat(Files.readString(key)).contains("Proc-Type: 4,ENCRYPTED");
        assertThat(fault()).contains("is encrypted");
    }

    @Test
    void takesChangedFilesOver() {
        CertificateKeeper keeper = open();
        Issued next = AUTHORITY.issue("RSA", Duration.ofMinutes(30), "localhost");
        try (LogCapture log = LogCapture.of(CertificateKeeper.class.getName(), Level.INFO)) {
            next.write(certificate, key);
            keeper.look();
            assertThat(keeper.statistics().reloads()).as("not settled").isZero();
            keeper.look();

            assertThat(keeper.statistics().reloads()).isEqualTo(1);
            assertThat(keeper.statistics().notAfter())
                    .isEqualTo(next.leaf().getNotAfter().toInstant());
            assertThat(log.next().values()).containsEntry("subject", "CN=localhost");
        }
    }

    @Test
    void keepsTheLastCertificateIfTheNextOneIsUnusable() throws IOException {
        CertificateKeeper keeper = open();
        try (LogCapture log = LogCapture.of(CertificateKeeper.class.getName(), Level.INFO)) {
            TestCertificates.replace(certificate, "hello");
            for (int i = 0; i < 5; i++) {
                keeper.look();
            }
            assertThat(keeper.statistics().failures()).isEqualTo(1);
            assertThat(log.next().message()).contains("stays in use", "has no certificate");

            Files.delete(certificate);
            for (int i = 0; i < 5; i++) {
                keeper.look();
            }
            assertThat(keeper.statistics().failures()).isEqualTo(2);
            assertThat(log.next().message()).contains("does not exist");
            assertThat(keeper.statistics().notAfter())
                    .isEqualTo(ISSUED.leaf().getNotAfter().toInstant());

            AUTHORITY.issue("EC", "localhost").write(certificate, key);
            keeper.look();
            keeper.look();
            assertThat(keeper.statistics().reloads()).isEqualTo(1);
        }
    }

    @Test
    void warnsOfAnExpiredCertificate() {
        Issued expired = AUTHORITY.issue("EC", Duration.ofMinutes(-1), "localhost");
        expired.write(certificate, key);
        try (LogCapture log = LogCapture.of(CertificateKeeper.class.getName(), Level.INFO)) {
            open();

            assertThat(log.next().message())
                    .contains(
                            "has expired",
                            expired.leaf()
                                    .getNotAfter()
                                    .toInstant()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString());
        }
    }

    @Test
    void printsNoKey() throws Exception {
        assertThat(PemFiles.read(settings).toString()).doesNotContain("PRIVATE");
    }
}
