package org.rotunda.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the page of metrics in every format that scrapers ask for. */
class MetricsRoutesTest {
    private static final String PROMETHEUS =
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private final ActorTestKit kit =
            ActorTestKit.create("metrics-test", ConfigFactory.parseString("pekko.fail-mixed-versions = off"));
    private final MetricsRoutes routes = new MetricsRoutes();
    private ServerBinding binding;

    @BeforeEach
    void bind() throws InterruptedException, ExecutionException, TimeoutException {
        Counter.builder()
                .name("things_total")
                .help("Things")
                .register(routes.registry())
                .inc();
        binding = Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .bind(routes.routes(ManagementRouteProviderSettings.create(Uri.create("http://127.0.0.1"))))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private HttpResponse<byte[]> scrape(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + binding.localAddress().getPort() + "/metrics"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElseThrow();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void isPrometheusTextForWhoeverAsksForNothing() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = scrape();

        assertThat(contentType(response)).startsWith("text/plain").contains("version=0.0.4");
        assertThat(text(response))
                .contains("# TYPE things_total counter\n", "things_total 1.0\n")
                .doesNotContain("# EOF");
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void isOpenMetricsTextForAScraperThatTakesIt() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = scrape("Accept", PROMETHEUS);

        assertThat(contentType(response))
                .startsWith("application/openmetrics-text")
                .contains("version=1.0.0");
        assertThat(text(response))
                .contains("# TYPE things counter\n", "things_total 1.0\n")
                .endsWith("# EOF\n");
    }

    @Test
    void isProtobufForAScraperThatTakesIt() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = scrape("Accept", PROTOBUF);

        assertThat(contentType(response)).startsWith("application/vnd.google.protobuf");
        assertThat(response.body()).isNotEmpty();
        assertThat(text(response)).contains("things_total").doesNotContain("# TYPE");
    }

    @Test
    void isCompressedForAScraperThatTakesGzip() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = scrape("Accept-Encoding", "gzip");

        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("things_total 1.0");
        }
    }
}
