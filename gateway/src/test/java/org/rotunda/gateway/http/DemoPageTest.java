package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.testkit.GatewayFixture;

/** Tests the demo page as built, and the headers with which it is served. */
class DemoPageTest {
    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");
    private static final List<String> FILES = List.of(
            "/",
            "/assets/page.css",
            "/assets/page.js",
            "/assets/before-sdk.js",
            "/assets/twilio-video.min.js",
            "/assets/icon.svg");

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before the first test.
    private static GatewayFixture server;

    @BeforeAll
    static void start() {
        server = GatewayFixture.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> get(GatewayFixture server, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    @Test
    void shouldServeThePageAndEverythingItNames() throws IOException, InterruptedException {
        HttpResponse<byte[]> index = get(server, "/");
        assertThat(index.statusCode()).isEqualTo(200);
        assertThat(header(index, "Content-Type")).startsWith("text/html");

        Matcher assets = ASSET.matcher(text(index));
        int found = 0;
        while (assets.find()) {
            HttpResponse<byte[]> asset = get(server, assets.group(1));
            assertThat(FILES).contains(assets.group(1));
            assertThat(asset.statusCode()).as(assets.group(1)).isEqualTo(200);
            assertThat(asset.body()).isNotEmpty();
            found++;
        }
        assertThat(found).isEqualTo(FILES.size() - 1);
        assertThat(text(get(server, "/assets/twilio-video.min.js"))).contains("2.36.0");
        assertThat(get(server, "/assets/nothing.js").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldHaveNoScriptAndNoStyleBetweenItsTags() throws IOException, InterruptedException {
        assertThat(text(get(server, "/")))
                .doesNotContain("<style")
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContainPattern("\\s(style|on[a-z]+)=")
                .doesNotContainPattern("https?://");
    }

    @Test
    void shouldForbidOtherOriginsFramesAndGuessedTypesOnEveryFile() throws IOException, InterruptedException {
        for (String path : FILES) {
            HttpResponse<byte[]> response = get(server, path);
            assertThat(header(response, "Content-Security-Policy"))
                    .as(path)
                    .contains("default-src 'none'")
                    .contains("script-src 'self';")
                    .contains("style-src 'self';")
                    .contains("connect-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(header(response, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header(response, "X-Frame-Options")).as(path).isEqualTo("DENY");
            assertThat(header(response, "Referrer-Policy")).as(path).isEqualTo("no-referrer");
        }
    }

    @Test
    void shouldAnswer304WhenTheBrowserHasTheFile() throws IOException, InterruptedException {
        for (String path : FILES) {
            String tag = header(get(server, path), "ETag");
            assertThat(tag).as(path).matches("\"[0-9a-f]{32}\"");

            for (String condition : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
                HttpResponse<byte[]> again = get(server, path, "If-None-Match", condition);
                assertThat(again.statusCode()).as("%s with %s", path, condition).isEqualTo(304);
                assertThat(again.body()).isEmpty();
                assertThat(header(again, "ETag")).isEqualTo(tag);
                assertThat(header(again, "Cache-Control")).isEqualTo("no-cache");
            }
            assertThat(get(server, path, "If-None-Match", "\"other\"").statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldCompressForThoseThatTakeGzip() throws IOException, InterruptedException {
        for (String path : FILES) {
            HttpResponse<byte[]> plain = get(server, path);
            HttpResponse<byte[]> compressed = get(server, path, "Accept-Encoding", "gzip, br");

            assertThat(header(plain, "Content-Encoding")).as(path).isEmpty();
            assertThat(header(compressed, "Content-Encoding")).as(path).isEqualTo("gzip");
            assertThat(header(plain, "Vary")).contains("Accept-Encoding");
            assertThat(header(compressed, "Vary")).contains("Accept-Encoding");
            assertThat(header(compressed, "ETag")).isNotEqualTo(header(plain, "ETag"));
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
                assertThat(in.readAllBytes()).as(path).isEqualTo(plain.body());
            }
            assertThat(get(server, path, "Accept-Encoding", "gzip", "If-None-Match", header(compressed, "ETag"))
                            .statusCode())
                    .isEqualTo(304);
            // The request has the ETag of the compressed form, which a cache may hold. A client that does not accept
            // gzip must get the plain form, and not status 304.
            assertThat(get(server, path, "If-None-Match", header(compressed, "ETag"))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(get(server, "/assets/twilio-video.min.js", "Accept-Encoding", "gzip")
                        .body())
                .hasSizeLessThan(120_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "GZIP;q=0.5|true",
                "br, gzip|true",
                "*|true",
                "gzip;q=0|false",
                "gzip; q=0.000, *|false",
                "*;q=0|false",
                "identity|false",
                "br|false"
            })
    void shouldReadAcceptEncoding(String accepted, boolean isCompressed) throws IOException, InterruptedException {
        assertThat(header(get(server, "/", "Accept-Encoding", accepted), "Content-Encoding"))
                .isEqualTo(isCompressed ? "gzip" : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/assets/page.js", "/assets/twilio-video.min.js"})
    void shouldAnswer404WhenThePageIsOff(String path) throws IOException, InterruptedException {
        try (GatewayFixture production = GatewayFixture.start("rotunda.http.demo-page = off")) {
            HttpResponse<byte[]> response = get(production, path);
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(text(response)).contains("20404").contains("rotunda.http.demo-page");
        }
    }

    @Test
    void shouldBeOffUnlessSwitchedOn() {
        assertThat(ConfigFactory.parseResources("reference.conf").getBoolean("rotunda.http.demo-page"))
                .isFalse();
    }
}
