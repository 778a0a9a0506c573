package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.rotunda.node.RotundaNode;

/**
 * The program of {@link FirefoxTest}: a node with the settings of {@code rotunda dev}, and calls of a Firefox and a
 * Chromium on the machine of the node. An assertion that fails ends the program with an exit status other than 0.
 */
final class FirefoxCalls implements AutoCloseable {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int FRAME_RATE = 15;
    private static final int NO_SUPPORTED_CODEC = 53404;
    private static final int MEDIA_TRACKS = 2; // One microphone and one camera of the other page.

    private final RotundaNode node;
    private final Pages chromiumPages;
    private final Pages firefoxPages;

    private FirefoxCalls(Chromium chromium, Firefox firefox) throws IOException {
        node = DevNode.start(Files.createTempDirectory("rotunda-firefox-calls"));
        chromiumPages = new Pages(chromium);
        firefoxPages = new Pages(firefox::context);
    }

    public static void main(String[] arguments) throws IOException {
        try (Chromium chromium = new Chromium();
                Firefox firefox = new Firefox();
                FirefoxCalls calls = new FirefoxCalls(chromium, firefox)) {
            System.out.println("Firefox " + firefox.version());
            calls.mediaFlowsBothWays();
            calls.videoThatFirefoxCannotDecodeIsRefused();
        }
    }

    private String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    private void mediaFlowsBothWays() {
        assertThat(node.settings().media().bind()).isEqualTo(LoneMachine.ADDRESS);
        CallPage fox = firefoxPages.page("fox", signalingUrl());
        CallPage chrome = chromiumPages.page("chrome", signalingUrl());
        GroupCall call = GroupCall.join(List.of(fox, chrome), "both", WIDTH, HEIGHT, FRAME_RATE, Map.of());

        call.awaitFlowing();
        for (CallPage page : call.pages()) {
            for (Map<String, Object> track : page.mediaStats()) {
                if ("video".equals(track.get("kind"))) {
                    MediaExpectations.awaitDecoding(page, CallPage.text(track, "track"));
                }
            }
            page.await(
                    "sound of the other page",
                    "async () => (await call.mediaStats()).some(one => one.kind === 'audio' && one.audioEnergy > 0)");
            assertThat(page.mediaStats()).hasSize(MEDIA_TRACKS);
        }
        call.assertMessagesArriveInOrder();
        for (CallPage page : call.pages()) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected", "trackSubscriptionFailed");
        }
        closePages();
    }

    /**
     * The room allows both codecs, Chromium sends H.264, and Firefox has no H.264: Debian's Firefox gets the codec from
     * a plug-in that it would have to download.
     */
    private void videoThatFirefoxCannotDecodeIsRefused() {
        CallPage chrome = chromiumPages.page("chrome", signalingUrl());
        chrome.join(
                "mixed",
                List.of(microphone("microphone"), camera("camera", WIDTH, HEIGHT, FRAME_RATE)),
                Map.of("preferredVideoCodecs", List.of("H264")));
        CallPage fox = firefoxPages.page("fox", signalingUrl());
        fox.join("mixed", List.of(microphone("microphone"), camera("camera", WIDTH, HEIGHT, FRAME_RATE)), Map.of());

        fox.await(
                "the refusal of the camera",
                "code => call.events.some(event => event.name === 'trackSubscriptionFailed'"
                        + " && event.trackName === 'camera' && event.code === code)",
                NO_SUPPORTED_CODEC);
        fox.await(
                "sound",
                "async () => (await call.mediaStats()).some(one => one.kind === 'audio' && one.audioEnergy > 0)");
        MediaExpectations.awaitFlowing(chrome, MEDIA_TRACKS);
        for (CallPage page : List.of(fox, chrome)) {
            assertThat(page.errors()).as("%s's page", page.identity()).isEmpty();
            assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected");
        }
        closePages();
    }

    private void closePages() {
        firefoxPages.closeAll();
        chromiumPages.closeAll();
    }

    @Override
    public void close() {
        firefoxPages.close();
        chromiumPages.close();
        node.close();
    }
}
