package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.net.AddressRange;
import org.rotunda.gateway.rest.RequestOrigin;

/** Tests whose {@code X-Forwarded-} headers count, and what follows from them. */
class RequestOriginsTest {
    private static final RequestOrigins ORIGINS =
            new RequestOrigins(List.of(AddressRange.parse("10.1.0.0/16"), AddressRange.parse("2001:db8:1::/48")));

    private static HttpRequest request(String peer, String... headers) {
        try {
            HttpRequest request = HttpRequest.GET("/v1/Rooms")
                    .addAttribute(
                            AttributeKeys.remoteAddress,
                            RemoteAddress.create(new InetSocketAddress(InetAddress.getByName(peer), 4711)));
            List<HttpHeader> all = new ArrayList<>();
            for (String header : headers) {
                String[] parts = header.split(": ", 2);
                all.add(RawHeader.create(parts[0], parts[1]));
            }
            return request.addHeaders(all);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.5 | 198.51.100.7              | 203.0.113.5",
                "10.1.0.1    | 198.51.100.7              | 198.51.100.7",
                "10.1.0.1    | 192.0.2.9, 198.51.100.7   | 198.51.100.7",
                "10.1.0.1    | 198.51.100.7, 10.1.2.3    | 198.51.100.7",
                "10.1.0.1    | 10.1.9.9, 10.1.2.3        | 10.1.9.9",
                "10.1.0.1    | 198.51.100.7:51234        | 198.51.100.7",
                "10.1.0.1    | [2001:db8:2::7]:51234     | 2001:db8:2:0:0:0:0:7",
                "10.1.0.1    | 2001:db8:2::7             | 2001:db8:2:0:0:0:0:7",
                "10.1.0.1    | unknown                   | 10.1.0.1",
                "10.1.0.1    | 198.51.100.7, status=200  | 10.1.0.1",
                "10.1.0.1    | 999.1.1.1                 | 10.1.0.1",
                "10.1.0.1    | ,                         | 10.1.0.1",
                "2001:db8:1::5 | 198.51.100.7            | 198.51.100.7",
                "10.2.0.1    | 198.51.100.7              | 10.2.0.1",
            })
    void theAddressIsTheLastOneThatATrustedProxyHasWritten(String peer, String forwardedFor, String expected) {
        assertThat(ORIGINS.of(request(peer, "X-Forwarded-For: " + forwardedFor), false)
                        .remote())
                .isEqualTo(expected);
    }

    @Test
    void aClientIsLimitedByItsAddressOrByTheFirst64BitsOfIt() {
        assertThat(limited("192.0.2.1")).isEqualTo("c0000201");
        assertThat(limited("2001:db8:7:2::1"))
                .isEqualTo(limited("2001:db8:7:2:ffff::9"))
                .isNotEqualTo(limited("2001:db8:7:3::1"));
        assertThat(ORIGINS.of(request("10.1.0.1", "X-Forwarded-For: 192.0.2.1"), false)
                        .client())
                .isEqualTo("c0000201");
        // The header of a client that is no trusted proxy counts for nothing.
        assertThat(ORIGINS.of(request("192.0.2.1", "X-Forwarded-For: 198.51.100.7"), false)
                        .client())
                .isEqualTo("c0000201");
    }

    private static String limited(String peer) {
        return ORIGINS.of(request(peer), false).client();
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(ORIGINS.of(
                                request(
                                        "10.1.0.1",
                                        "X-Forwarded-For: 192.0.2.9",
                                        "X-Forwarded-For: 198.51.100.7",
                                        "X-Forwarded-For: 10.1.2.3"),
                                false)
                        .remote())
                .isEqualTo("198.51.100.7");
    }

    @Test
    void withoutATrustedProxyTheConnectionDecides() {
        HttpRequest request = request(
                "203.0.113.5", "Host: node-1:8080", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example.com");

        assertThat(ORIGINS.of(request, false))
                .isEqualTo(new RequestOrigin("203.0.113.5", "cb007105", "http", "node-1:8080"));
        assertThat(ORIGINS.of(request, true))
                .isEqualTo(new RequestOrigin("203.0.113.5", "cb007105", "https", "node-1:8080"));
    }

    @Test
    void aTrustedProxySaysWhatItsClientAskedFor() {
        HttpRequest request = request(
                "10.1.0.1",
                "Host: node-1:8080",
                "X-Forwarded-For: 198.51.100.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: video.example.com, inner");

        RequestOrigin origin = ORIGINS.of(request, false);

        assertThat(origin).isEqualTo(new RequestOrigin("198.51.100.7", "c6336407", "https", "video.example.com"));
        assertThat(origin.baseUrl(null)).isEqualTo("https://video.example.com");
        assertThat(origin.baseUrl("https://configured")).isEqualTo("https://configured");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Proto: gopher      | http  | node-1",
                "X-Forwarded-Host: a\"b         | http  | node-1",
                "X-Forwarded-Host: a/b          | http  | node-1",
                "X-Forwarded-Host: [::1]:8080   | http  | [::1]:8080",
            })
    void whatIsNoSchemeOrHostIsIgnored(String header, String scheme, String host) {
        RequestOrigin origin = ORIGINS.of(request("10.1.0.1", "Host: node-1", header), false);

        assertThat(origin.scheme()).isEqualTo(scheme);
        assertThat(origin.host()).isEqualTo(host);
    }

    @Test
    void aRequestWithoutAnAddressOrHostHasNeither() {
        assertThat(ORIGINS.of(HttpRequest.GET("/"), false)).isEqualTo(new RequestOrigin("", "", "http", "localhost"));
    }
}
