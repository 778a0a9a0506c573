package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;

/** The page as the build has made it. */
class PageTest {
    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");

    private static HttpResponse<String> get(GatewayFixture server, String path)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + server.address().getPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesThePageAndEverythingItNames() throws IOException, InterruptedException {
        try (GatewayFixture server = GatewayFixture.start()) {
            HttpResponse<String> index = get(server, "/");
            assertThat(index.statusCode()).isEqualTo(200);
            assertThat(index.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");

            Matcher assets = ASSET.matcher(index.body());
            int found = 0;
            while (assets.find()) {
                HttpResponse<String> asset = get(server, assets.group(1));
                assertThat(asset.statusCode()).as(assets.group(1)).isEqualTo(200);
                assertThat(asset.body()).isNotEmpty();
                found++;
            }
            assertThat(found).isEqualTo(3);
            assertThat(get(server, "/assets/twilio-video.min.js").body()).contains("2.36.0");
            assertThat(get(server, "/assets/nothing.js").statusCode()).isEqualTo(404);
        }
    }
}
