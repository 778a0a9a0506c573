package org.rotunda.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.gateway.testkit.LogCapture;
import org.rotunda.gateway.testkit.SignalingClient;
import org.rotunda.gateway.testkit.TestCertificates;
import org.rotunda.gateway.testkit.TestCertificates.Issued;
import org.rotunda.gateway.tls.TlsSettings;
import org.rotunda.gateway.tls.TlsStatistics;

/** Tests the HTTPS port with real TLS connections: REST, signaling, new certificates, and the port without TLS. */
class GatewayTlsTest {
    private static final TestCertificates AUTHORITY = new TestCertificates();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final String BASIC = "Basic "
            + Base64.getEncoder()
                    .encodeToString((GatewayFixture.ACCOUNT + ":" + GatewayFixture.AUTH_TOKEN)
                            .getBytes(StandardCharsets.UTF_8));
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().sslContext(AUTHORITY.clientContext()).build();

    private static Path certificate;
    private static Path key;
    private static GatewayFixture server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        certificate = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        AUTHORITY.issue("EC", "localhost", "127.0.0.1").write(certificate, key);
        server = GatewayFixture.start(tls("redirect"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String tls(String plainHttp) {
        return tls(plainHttp, certificate, key);
    }

    private static String tls(String plainHttp, Path certificateFile, Path keyFile) {
        return """
            rotunda.http.tls {
              certificate = "%s", key = "%s", port = 0, plain-http = %s, reload-interval = 20 ms
            }
            """.formatted(certificateFile, keyFile, plainHttp);
    }

    private static InetSocketAddress secureAddress(GatewayFixture gateway) {
        return gateway.gateway.secureAddress().orElseThrow();
    }

    private static String secure(GatewayFixture gateway) {
        return "https://127.0.0.1:" + secureAddress(gateway).getPort();
    }

    private static String plain(GatewayFixture gateway) {
        return "http://127.0.0.1:" + gateway.address().getPort();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", BASIC)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Opens a connection, and finishes the handshake. */
    private static SSLSocket connect(GatewayFixture gateway, String... protocolsAndCiphers) throws IOException {
        SSLContext context = AUTHORITY.clientContext();
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), secureAddress(gateway).getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        if (protocolsAndCiphers.length > 0) {
            socket.setEnabledProtocols(new String[] {protocolsAndCiphers[0]});
        }
        if (protocolsAndCiphers.length > 1) {
            socket.setEnabledCipherSuites(new String[] {protocolsAndCiphers[1]});
        }
        try {
            socket.startHandshake();
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
        return socket;
    }

    private static Certificate presented(GatewayFixture gateway) {
        try (SSLSocket socket = connect(gateway)) {
            return socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void servesRestWithLinksToItself() throws Exception {
        HttpResponse<String> list = get(secure(server) + "/v1/Rooms");

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(list.body()).at("/meta/url").asText())
                .startsWith(secure(server) + "/v1/Rooms");
        assertThat(get(secure(server) + "/").body()).contains("<html");
    }

    @Test
    void servesSignaling() {
        SignalingClient client =
                SignalingClient.connect(URI.create(secure(server).replaceFirst("https", "wss") + "/signaling"), CLIENT);
        String token = server.token("alice", null);

        client.send("{\"type\":\"hello\",\"version\":2,\"id\":\"1\",\"timeout\":5000,\"body\":"
                + "{\"type\":\"ice\",\"version\":1,\"edge\":\"roaming\",\"token\":\"" + token + "\"}}");

        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        client.body("iced");
        client.close(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksBothVersions(String version) throws IOException {
        try (SSLSocket socket = connect(server, version)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void refusesOldCiphers() throws IOException {
        connect(server, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256").close();

        assertThatThrownBy(() -> connect(server, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aClientThatDoesNotTrustTheAuthorityDoesNotConnect() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .sendAsync(
                                HttpRequest.newBuilder(URI.create(secure(server)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void connectionsWithoutTlsAreClosedQuietly() throws Exception {
        try (LogCapture log = LogCapture.of("ROOT", Level.WARN)) {
            for (String sent : new String[] {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u0016\u0003\u0001", ""}) {
                try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), secureAddress(server).getPort())) {
                    socket.setSoTimeout((int) PATIENCE.toMillis());
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
            }
            assertThat(get(secure(server) + "/v1/Rooms").statusCode()).isEqualTo(200);
            assertThat(log.isEmpty()).isTrue();
        }
    }

    @Test
    void thePortWithoutTlsSendsBrowsersToTheOther() throws Exception {
        for (String path : new String[] {"/", "/?room=a%20b&name=%C3%9C", "/openapi", "/assets/page.js"}) {
            HttpResponse<String> response = get(plain(server) + path);

            assertThat(response.statusCode()).as(path).isEqualTo(308);
            assertThat(response.headers().firstValue("Location")).contains(secure(server) + path);
            assertThat(get(response.headers().firstValue("Location").orElseThrow())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void thePortWithoutTlsRefusesTheApiAndSignaling() throws Exception {
        for (String path : new String[] {"/v1/Rooms", "/2010-04-01/Accounts.json", "/signaling", "/dev/token"}) {
            HttpResponse<String> response = get(plain(server) + path);

            assertThat(response.statusCode()).as(path).isEqualTo(403);
            assertThat(response.body()).contains("20403", secure(server));
            assertThat(response.headers().firstValue("Twilio-Request-Id")).isPresent();
        }
        HttpResponse<String> post = CLIENT.send(
                HttpRequest.newBuilder(URI.create(plain(server) + "/v1/Rooms"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("UniqueName=insecure"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(post.statusCode()).isEqualTo(403);
        assertThat(server.rooms.all()).isEmpty();
    }

    /** Otherwise the proxy's clients would be sent around in circles. */
    @Test
    void thePortWithoutTlsServesWhatAProxyHasReceivedOverTls() throws Exception {
        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(URI.create(plain(server) + "/v1/Rooms"))
                        .header("Authorization", BASIC)
                        .header("X-Forwarded-Proto", "https")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void thePortWithoutTlsCanServeEverythingOrBeClosed() throws Exception {
        try (GatewayFixture both = GatewayFixture.start(tls("serve"))) {
            assertThat(get(plain(both) + "/v1/Rooms").statusCode()).isEqualTo(200);
            assertThat(get(plain(both) + "/v1/Rooms").body()).contains(plain(both));
            assertThat(get(secure(both) + "/v1/Rooms").statusCode()).isEqualTo(200);
        }
        try (GatewayFixture only = GatewayFixture.start(tls("off"))) {
            assertThat(only.address()).isEqualTo(secureAddress(only));
            assertThat(get(secure(only) + "/v1/Rooms").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aConfiguredUrlIsWhereThePortWithoutTlsSendsBrowsers() throws Exception {
        try (GatewayFixture gateway =
                GatewayFixture.start(tls("redirect") + "rotunda.http.public-url = \"https://video.example.com\"")) {
            assertThat(get(plain(gateway) + "/openapi").headers().firstValue("Location"))
                    .contains("https://video.example.com/openapi");
        }
    }

    @Test
    void newConnectionsGetTheNewCertificateAndOldOnesGoOn(@TempDir Path directory) throws Exception {
        Path changing = directory.resolve("tls.crt");
        Path changingKey = directory.resolve("tls.key");
        Issued first = AUTHORITY.issue("EC", "localhost", "127.0.0.1");
        first.write(changing, changingKey);
        try (GatewayFixture gateway = GatewayFixture.start(tls("off", changing, changingKey));
                SSLSocket open = connect(gateway)) {
            TlsStatistics statistics = gateway.gateway.tlsStatistics().orElseThrow();
            assertThat(presented(gateway)).isEqualTo(first.leaf());

            Issued next = AUTHORITY.issue("RSA", "localhost", "127.0.0.1");
            next.write(changing, changingKey);
            await(() -> presented(gateway).equals(next.leaf()));

            open.getOutputStream()
                    .write("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new BufferedReader(new InputStreamReader(open.getInputStream(), StandardCharsets.UTF_8))
                            .readLine())
                    .isEqualTo("HTTP/1.1 200 OK");

            long failures = statistics.failures(); // A look may have met the new certificate with the old key.
            TestCertificates.replace(changing, "not a certificate");
            await(() -> statistics.failures() > failures);
            assertThat(presented(gateway)).isEqualTo(next.leaf());
        }
    }

    @Test
    void doesNotStartWithoutAUsableCertificate() {
        TlsSettings settings = new TlsSettings(
                certificate, Path.of("/no/such/file"), 0, TlsSettings.PlainHttp.OFF, Duration.ofSeconds(1));

        assertThatThrownBy(() -> Listeners.readCertificate(settings, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rotunda.http.tls.key: /no/such/file does not exist");
    }
}
