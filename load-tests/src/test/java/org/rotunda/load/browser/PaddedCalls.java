package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.MediaExpectations.number;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.load.client.Metrics;
import org.rotunda.node.RotundaNode;

/**
 * The program of {@link PaddedRunsTest}: calls of Chromium and Firefox in which the packets of a frame are padded to one
 * length. An assertion that fails ends the program with an exit status other than 0.
 */
final class PaddedCalls implements AutoCloseable {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int FRAME_RATE = 15;
    private static final double DECODED_SHARE_MIN = 0.8;
    private static final double PLIS_MAX = 2;
    // A pause of 150 ms counts as a freeze, and the browsers that encode share the processors.
    private static final double FREEZES_MAX = 2;
    private static final int WINDOW_SECONDS = 60;
    private static final int STEP_SECONDS = 20; // Below the time limit of one wait of a page.

    private final HttpClient http = HttpClient.newHttpClient();
    private final RotundaNode node;
    private final Pages chromiumPages;
    private final Pages firefoxPages;

    private PaddedCalls(Chromium chromium, Firefox firefox) throws IOException {
        node = DevNode.start(Files.createTempDirectory("rotunda-padded-calls"));
        chromiumPages = new Pages(chromium);
        firefoxPages = new Pages(firefox::context);
    }

    public static void main(String[] arguments) throws IOException {
        try (Chromium chromium = new Chromium();
                Firefox firefox = new Firefox();
                PaddedCalls calls = new PaddedCalls(chromium, firefox)) {
            calls.watch("VP8", List.of(calls.chromium("one"), calls.chromium("two"), calls.firefox("fox")));
            // Debian's Firefox has no H.264.
            calls.watch("H264", List.of(calls.chromium("three"), calls.chromium("four")));
        }
    }

    private CallPage chromium(String name) {
        return chromiumPages.page(name, signalingUrl());
    }

    private CallPage firefox(String name) {
        return firefoxPages.page(name, signalingUrl());
    }

    private String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    private void watch(String codec, List<CallPage> pages) {
        GroupCall call =
                GroupCall.join(pages, codec, WIDTH, HEIGHT, FRAME_RATE, Map.of("preferredVideoCodecs", List.of(codec)));
        call.awaitFlowing();
        double paddedBefore = paddedPackets();
        for (CallPage page : pages) {
            page.evaluate(
                    "async () => { window.windowStart = performance.now(); window.before = await call.mediaStats(); }");
        }
        for (CallPage page : pages) {
            for (int seconds = STEP_SECONDS; seconds <= WINDOW_SECONDS; seconds += STEP_SECONDS) {
                page.await(
                        seconds + " seconds of media",
                        "milliseconds => performance.now() - window.windowStart >= milliseconds",
                        seconds * 1000);
            }
            assertWatched(page);
        }
        double padded = paddedPackets() - paddedBefore;
        System.out.println(codec + ": " + (long) padded + " padded packets");
        assertThat(padded).isPositive();
        firefoxPages.closeAll();
        chromiumPages.closeAll();
    }

    private double paddedPackets() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.managementUrl() + "/metrics"))
                .build();
        String page = http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
        return Metrics.parse(page).value("rotunda_media_padded_packets_total");
    }

    private static void assertWatched(CallPage page) {
        Map<Object, Map<String, Object>> earlier = new HashMap<>();
        List<Map<String, Object>> before = CallPage.castList(page.evaluate("() => window.before"));
        before.forEach(one -> earlier.put(one.get("track"), one));
        for (Map<String, Object> now : page.mediaStats()) {
            if (!"video".equals(now.get("kind"))) {
                continue;
            }
            Map<String, Object> then = earlier.getOrDefault(now.get("track"), Map.of());
            double decoded = number(now, "framesDecoded") - number(then, "framesDecoded");
            double freezes = number(now, "freezeCount") - number(then, "freezeCount");
            double plis = number(now, "pliCount") - number(then, "pliCount");
            System.out.println(page.identity() + " of " + now.get("identity") + ": " + decoded + " frames, " + freezes
                    + " freezes, " + plis + " PLI");
            assertThat(decoded)
                    .as("frames that %s decodes", page.identity())
                    .isGreaterThan(DECODED_SHARE_MIN * FRAME_RATE * WINDOW_SECONDS);
            assertThat(freezes).as("freezes that %s sees", page.identity()).isLessThanOrEqualTo(FREEZES_MAX);
            assertThat(plis).as("PLIs of %s", page.identity()).isLessThanOrEqualTo(PLIS_MAX);
        }
        assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
        assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected", "trackSubscriptionFailed");
    }

    @Override
    public void close() {
        firefoxPages.close();
        chromiumPages.close();
        node.close();
    }
}
