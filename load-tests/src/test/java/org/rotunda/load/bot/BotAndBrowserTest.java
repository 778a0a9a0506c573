package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.MediaExpectations.number;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.ChromiumExtension;
import org.rotunda.load.browser.Layers;
import org.rotunda.load.browser.MediaExpectations;
import org.rotunda.load.browser.Pages;
import org.rotunda.load.browser.Tracks;
import org.rotunda.load.testkit.Await;
import org.rotunda.media.control.LayerLimit;

/** Tests that a bot and the stock SDK in a browser see, hear and read each other in one room. */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class BotAndBrowserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    // The lowest accepted rate of decoded frames. The clip has 30 frames/s, but other processes may load the machine.
    private static final int FRAMES_PER_SECOND_MIN = 15;
    private static final Map<String, Object> SIMULCAST = Map.of("preferredVideoCodecs", "auto");
    private static final int MESSAGES = 20;

    private final BotNode node = new BotNode();
    private final String room = node.freshRoom();

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Pages pages;

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private CallPage page;

    @BeforeEach
    void openPage(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
        page = pages.page("browser", node.signaling().toString());
    }

    @AfterEach
    void close() {
        pages.close();
        node.close();
    }

    @Test
    void aBotAndABrowserSeeHearAndReadEachOther() {
        page.join(
                room,
                List.of(
                        Tracks.microphone("microphone"),
                        Map.of("kind", "canvas", "name", "camera", "width", 1280, "height", 720, "frameRate", 24),
                        Tracks.data("data")),
                SIMULCAST);
        Bot bot = node.join(node.settings(room, "bot").withPublishing(Publishing.EVERYTHING));
        page.awaitEvents("trackSubscribed", 3);
        MediaExpectations.awaitFlowing(page, 2);

        assertBrowserDecodesTheClip();
        assertBothRead(bot);
        assertBotFindsNoFault(bot);
        assertThat(page.errors()).isEmpty();
        assertThat(page.eventNames()).doesNotContain("reconnecting", "disconnected", "trackSubscriptionFailed");
    }

    private void assertBrowserDecodesTheClip() {
        awaitHeight(720);
        Map<String, Object> before = video();
        MediaExpectations.assertDecodingOverTenSeconds(List.of(page), 1, FRAMES_PER_SECOND_MIN);
        Map<String, Object> after = video();
        System.out.printf(
                "clip at the browser: %.0f frames decoded, %.0f key frames, %.0f freezes, %.0f lost%n",
                number(after, "framesDecoded") - number(before, "framesDecoded"),
                number(after, "keyFramesDecoded") - number(before, "keyFramesDecoded"),
                number(after, "freezeCount") - number(before, "freezeCount"),
                number(after, "packetsLost"));
        assertThat(number(after, "freezeCount")).isEqualTo(number(before, "freezeCount"));
        assertThat(number(after, "keyFramesDecoded")).isGreaterThan(number(before, "keyFramesDecoded"));
    }

    private void assertBothRead(Bot bot) {
        List<String> read = new CopyOnWriteArrayList<>();
        bot.setMessageListener((identity, trackSid, message, binary) ->
                read.add((binary ? "binary:" : "") + new String(message, StandardCharsets.UTF_8)));
        for (int i = 0; i < MESSAGES; i++) {
            bot.send("bot#" + i);
        }
        page.evaluate(
                "count => { for (let i = 0; i < count; i++) call.send('data', 'page#' + i); call.sendBinary('data',"
                        + " [104, 105]); }",
                MESSAGES);
        page.await(
                "messages of the bot",
                "count => Object.values(call.messages).some(list => list.length === count)",
                MESSAGES);
        Map<String, List<String>> messages = CallPage.castMessages(page.evaluate("() => call.messages"));
        List<String> fromBot = messages.values().iterator().next();
        Await.until("messages of the page", PATIENCE, () -> read.size() == MESSAGES + 1);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(fromBot.get(i)).isEqualTo("bot#" + i);
            assertThat(read.get(i)).isEqualTo("page#" + i);
        }
        assertThat(read.get(MESSAGES)).isEqualTo("binary:hi");
    }

    private static void assertBotFindsNoFault(Bot bot) {
        BotStats stats = bot.stats();
        System.out.println("the browser at the bot: " + stats.received() + " " + stats.streams());
        assertThat(stats.continuity().details()).isEmpty();
        assertThat(stats.continuity().isClean()).isTrue();
        assertThat(stats.received().frozenFrames()).isZero();
        assertThat(stats.received().lost()).isZero();
        assertThat(stats.received().srtpFailures()).isZero();
        assertThat(stats.received().unknownSsrcs()).isZero();
        assertThat(stats.streams()).hasSize(2).allSatisfy(stream -> {
            assertThat(stream.frames()).isGreaterThan(100);
            assertThat(stream.trackSid()).startsWith("MT");
        });
    }

    @Test
    void everyLayerOfTheClipIsDecodedAtItsSize() {
        String viewer = CallPage.text(page.join(room, List.of(), Map.of()), "participant");
        Bot bot = node.join(
                node.settings(room, "bot").withPublishing(Publishing.NOTHING.withVideo(Publishing.Video.CLIP)));
        page.awaitEvents("trackSubscribed", 1);
        MediaExpectations.awaitFlowing(page, 1);
        String track = CallPage.text(video(), "track");

        int[] heights = {180, 360, 720};
        for (int spatial : new int[] {0, 1, 2, 0}) {
            Layers.limit(
                    node.node(), bot.roomSid(), viewer, track, new LayerLimit(spatial, LayerLimit.NONE.temporalMax()));
            awaitHeight(heights[spatial]);
        }
        for (int temporal : new int[] {0, 1, 2}) { // The stream must be decodable at every temporal limit.
            Layers.limit(node.node(), bot.roomSid(), viewer, track, new LayerLimit(2, temporal));
            awaitHeight(720);
            MediaExpectations.awaitDecoding(page, track);
        }
        assertThat(bot.stats().sent().keyFrames()).isPositive();
    }

    private void awaitHeight(int height) {
        page.await(
                "a picture " + height + " high",
                "async height => (await call.mediaStats()).some(one => one.kind === 'video' && one.frameHeight ==="
                        + " height)",
                height,
                PATIENCE);
    }

    private Map<String, Object> video() {
        return page.mediaStats().stream()
                .filter(one -> "video".equals(one.get("kind")))
                .findFirst()
                .orElseThrow();
    }
}
