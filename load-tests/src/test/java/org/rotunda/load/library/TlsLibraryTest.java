package org.rotunda.load.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.video.v1.Room;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.testkit.TestCertificates;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.client.Tokens;

/**
 * The stock twilio-java works with the addresses that are built into it, if their names lead to our server, and if the
 * server has a certificate for them that the application trusts.
 */
class TlsLibraryTest {
    private static final TestCertificates AUTHORITY = new TestCertificates();

    @Test
    void theLibraryReachesTheServerUnderItsBuiltInName(@TempDir Path directory) {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        AUTHORITY.issue("EC", "video.twilio.com").write(certificate, key);
        try (BotNode node = new BotNode(Map.of(
                "rotunda.http.tls.port", "0",
                "rotunda.http.tls.certificate", "\"" + certificate + "\"",
                "rotunda.http.tls.key", "\"" + key + "\""))) {
            TwilioRestClient client = new TwilioRestClient.Builder(Tokens.ACCOUNT, Tokens.AUTH_TOKEN)
                    .httpClient(new NetworkHttpClient(
                            resolvingTo(URI.create(node.node().httpUrl()).getPort())))
                    .build();

            Room first = Room.creator().setUniqueName("over TLS").create(client);
            Room second = Room.creator().create(client);

            assertThat(first.getUrl()).isEqualTo(URI.create("https://video.twilio.com/v1/Rooms/" + first.getSid()));
            assertThat(Room.reader().pageSize(1).read(client))
                    .as("links to further pages lead to the same name")
                    .extracting(Room::getSid)
                    .containsExactly(second.getSid(), first.getSid());
        }
    }

    /** Returns a client for which every name leads to this machine, and https to a port, as a DNS entry would do. */
    private static HttpClientBuilder resolvingTo(int port) {
        return HttpClientBuilder.create()
                .setSchemePortResolver(host -> port)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setSchemePortResolver(host -> port)
                        .setDnsResolver(new Loopback())
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(AUTHORITY.clientContext()))
                        .build());
    }

    private static final class Loopback implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
