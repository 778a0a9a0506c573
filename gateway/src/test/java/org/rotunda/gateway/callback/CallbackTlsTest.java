package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.CallbackFailure;

/** Tests that TLS names and checks the host of the URL, although the connection goes to an address. */
class CallbackTlsTest {
    private static final String HOST = "receiver.example";
    private static final char[] PASSWORD = "password".toCharArray();

    private static final List<String> REQUESTED = new CopyOnWriteArrayList<>();

    private static ActorTestKit kit;
    private static HttpsServer receiver;
    private static HttpCallbackClient client;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        SSLContext certified = certified(directory);
        receiver = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setHttpsConfigurator(new HttpsConfigurator(certified));
        receiver.createContext("/", exchange -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            REQUESTED.add(session.getRequestedServerNames().stream()
                            .map(SNIServerName::toString)
                            .toList() + " " + exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        kit = ActorTestKit.create(
                "callbacks-tls",
                ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
        CallbackSettings settings =
                CallbackSettings.from(ConfigFactory.parseString("rotunda.callbacks.allow = [\"127.0.0.0/8\"]")
                        .withFallback(ConfigFactory.load()));
        client = new HttpCallbackClient(
                kit.system(),
                settings,
                account -> Optional.of(Secret.of(GatewayFixture.AUTH_TOKEN)),
                host -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                ConnectionContext.httpsClient(certified));
    }

    @AfterAll
    static void stop() {
        client.close();
        receiver.stop(0);
        kit.shutdownTestKit();
    }

    /** Makes a certificate for the host with the tool of the JDK, and a context that uses and trusts it. */
    private static SSLContext certified(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("receiver.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "receiver",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "SAN=dns:" + HOST,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("receiver", keys.getCertificate("receiver"));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static AttemptResult send(String host) {
        String url = "https://" + host + ":" + receiver.getAddress().getPort() + "/";
        return client.send(Callbacks.callback(url, "POST"))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void namesTheHostOfTheUrl() {
        REQUESTED.clear();

        AttemptResult result = send(HOST);

        assertThat(result.detail()).isEmpty();
        assertThat(REQUESTED)
                .singleElement()
                .asString()
                .contains("value=" + HOST)
                .endsWith(" " + HOST + ":" + receiver.getAddress().getPort());
    }

    @Test
    void refusesTheCertificateOfAnotherHost() {
        REQUESTED.clear();

        AttemptResult result = send("other.example");

        assertThat(result.failure()).isEqualTo(CallbackFailure.UNREACHABLE);
        assertThat(REQUESTED).isEmpty();
    }
}
