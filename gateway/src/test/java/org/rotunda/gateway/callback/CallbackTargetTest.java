package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how a URL is taken apart. */
class CallbackTargetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // URL | query of a GET request | host | port | request target | signed URL
                "https://a.example | | a.example | 443 | / | https://a.example/",
                "http://a.example | | a.example | 80 | / | http://a.example/",
                "HTTPS://A.Example:443/Path | | a.example | 443 | /Path | https://a.example/Path",
                "http://a.example:8080/x | | a.example | 8080 | /x | http://a.example:8080/x",
                "https://a.example?b=c | | a.example | 443 | /?b=c | https://a.example/?b=c",
                "https://a.example/?b=c#part | | a.example | 443 | /?b=c | https://a.example/?b=c",
                "https://a.example/x | d=e | a.example | 443 | /x?d=e | https://a.example/x?d=e",
                "https://a.example/x? | d=e | a.example | 443 | /x?d=e | https://a.example/x?d=e",
                "https://a.example/x?b=c | d=e | a.example | 443 | /x?b=c&d=e | https://a.example/x?b=c&d=e",
                "https://a.example/%7Ex%2Fy?q=%41 | | a.example | 443 | /%7Ex%2Fy?q=%41 |"
                        + " https://a.example/%7Ex%2Fy?q=%41",
                "https://a.example/é?ü=1 | | a.example | 443 | /%C3%A9?%C3%BC=1 | https://a.example/%C3%A9?%C3%BC=1",
                "http://[2001:DB8::1]:81/ | | 2001:db8::1 | 81 | / | http://[2001:db8::1]:81/",
                "https://user:p%40ss@a.example/ | | a.example | 443 | / | https://a.example/"
            })
    void takesAUrlApart(String url, String query, String host, int port, String target, String signedUrl) {
        CallbackTarget of = CallbackTarget.of(url, query == null ? "" : query);

        assertThat(of.host()).isEqualTo(host);
        assertThat(of.port()).isEqualTo(port);
        assertThat(of.requestTarget()).isEqualTo(target);
        assertThat(of.signedUrl()).isEqualTo(signedUrl);
        assertThat(of.isSecure()).isEqualTo(signedUrl.startsWith("https"));
    }

    @Test
    void keepsTheUserAndThePasswordOutOfTheSignedUrl() {
        assertThat(CallbackTarget.of("https://user:p%40ss@a.example/", "").userInfo())
                .isEqualTo("user:p%40ss");
        assertThat(CallbackTarget.of("https://a.example/", "").userInfo()).isNull();
    }

    @Test
    void writesBracketsIntoTheHostHeader() {
        CallbackTarget target = CallbackTarget.of("http://[::1]:81/", "");

        assertThat(target.hostHeader()).isEqualTo("[::1]");
        assertThat(target.isUsualPort()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ftp://a.example/",
                "file:///etc/passwd",
                "https:///path",
                "https://a.example:0/",
                "https://a.example:65536/",
                "https://a b.example/",
                "http://[fe80::1%25eth0]/",
                "http://%31%32%37.0.0.1/",
                "https://mü.example/",
                "gopher://127.0.0.1/"
            })
    void refusesWhatCannotBeCalled(String url) {
        assertThatThrownBy(() -> CallbackTarget.of(url, "")).isInstanceOf(IllegalArgumentException.class);
    }
}
