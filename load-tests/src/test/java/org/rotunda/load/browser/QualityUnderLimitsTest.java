package org.rotunda.load.browser;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.relay.LinkConditions;
import org.rotunda.load.relay.LinkSchedule;
import org.rotunda.load.relay.RelayedNode;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * Tests what one page with the stock SDK receives through networks with little bandwidth, loss or delay. Three bots
 * publish sound and the clip in three layers, and the page asks for all three in full size. Only the network towards the
 * page is limited. Every test prints what it measured.
 */
@Tag("browser")
@Tag("long")
@ExtendWith(ChromiumExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QualityUnderLimitsTest {
    private static final long SEED = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PUBLISHERS = 3;
    private static final int TOP = 720;

    /** The publishers have sent all layers for this long before a page joins, so the node knows their bit rates. */
    private static final Duration SENT_BEFORE = Duration.ofSeconds(15);

    private static final Duration QUEUE = Duration.ofMillis(300);
    private static final String ROOM_LIMIT_BPS = "12000000";

    /** Two loops of the clip. The rate of the clip is equal in every window of this length, because it has two key frames. */
    private static final double WINDOW_MS = 2 * 88 * 1_000.0 / 30;

    private static final Map<String, Object> OPTIONS = Map.of(
            "bandwidthProfile",
            Map.of(
                    "video",
                    Map.of(
                            "mode", "grid",
                            "contentPreferencesMode", "manual",
                            "clientTrackSwitchOffControl", "manual")));

    private final RelayedNode relayed =
            new RelayedNode(SEED, Map.of("rotunda.rooms.subscription-bitrate-max", ROOM_LIMIT_BPS));
    private final BotNode node = relayed.node();
    private final String room = node.freshRoom();

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Pages pages;

    private String roomSid = "";
    private String subscriber = "";

    @BeforeAll
    void publish() {
        List<Bot> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(node.join(node.settings(room, "publisher-" + i)
                    .withPublishing(Publishing.AUDIO.withVideo(Publishing.Video.CLIP))
                    .withoutSubscribing()));
        }
        long sinceNanos = System.nanoTime();
        Await.until(
                "all layers for " + SENT_BEFORE.toSeconds() + " s",
                PATIENCE,
                () -> System.nanoTime() - sinceNanos >= SENT_BEFORE.toNanos());
        relayed.relay().spareExistingClients();
        publishers.forEach(bot -> Await.until(
                "frames of " + bot.identity(),
                PATIENCE,
                () -> bot.stats().sent().keyFrames() > 0));
    }

    @BeforeEach
    void openPages(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
    }

    @AfterEach
    void closePages() {
        pages.close();
    }

    @AfterAll
    void stop() {
        relayed.close();
    }

    private static LinkConditions rate(long bps) {
        return LinkConditions.CLEAR.withRate(bps, QUEUE);
    }

    private void limit(LinkConditions down, LinkConditions up) {
        relayed.relay().setSchedules(LinkSchedule.always(up), LinkSchedule.always(down));
    }

    private void limit(LinkConditions down) {
        limit(down, LinkConditions.CLEAR);
    }

    /** Lets a page join and ask for all videos in full size, and begins to sample. */
    private CallPage join() {
        CallPage page = pages.page("subscriber", node.signaling().toString());
        page.addScript("/quality.js");
        Map<String, Object> joined = page.join(room, List.of(), OPTIONS);
        subscriber = CallPage.text(joined, "participant");
        roomSid = CallPage.text(joined, "room");
        QualityRecord.begin(page);
        page.awaitEvents("trackSubscribed", 2 * PUBLISHERS);
        page.evaluate("() => { quality.renderAll(1280, 720); window.subscribedAt = performance.now(); }");
        return page;
    }

    private static double subscribedAt(CallPage page) {
        return ((Number) page.page().evaluate("() => window.subscribedAt")).doubleValue();
    }

    private static double now(CallPage page) {
        return ((Number) page.page().evaluate("() => performance.now()")).doubleValue();
    }

    /** Waits until this time on the page's clock. */
    private static void awaitTime(CallPage page, double at) {
        page.await("the time " + at, "at => performance.now() >= at", at, Duration.ofMillis((long)
                (at - now(page) + 10_000)));
    }

    private void print(String row, String format, Object... figures) {
        System.out.printf(
                Locale.ROOT,
                "row %s: %s; relay down %s%n",
                row,
                String.format(Locale.ROOT, format, figures),
                relayed.relay().down());
        System.out.println("row " + row + ", why: " + new Rest(node.node().httpUrl()).allocation(roomSid, subscriber));
    }

    @Test
    void rowsAToCTopLayersComeSoonSurviveAStepDownAndComeBack() {
        limit(rate(10_000_000));
        CallPage page = join();
        double start = subscribedAt(page);
        awaitTime(page, start + 15_000);
        double topAfter = QualityRecord.of(page).whenAllHave(PUBLISHERS, TOP, start) - start;
        print("a", "top layers after %.1f s", topAfter / 1_000);

        limit(rate(600_000));
        double down = now(page);
        awaitTime(page, down + 30_000);
        QualityRecord low = QualityRecord.of(page);
        double rate = low.rateBps(down + 4_000, down + 30_000);
        double audioLoss = low.audioLoss(down + 4_000, down + 30_000);
        double freeze = low.longestFreeze(down + 4_000, down + 30_000);
        print(
                "b",
                "%.0f kbit/s, audio loss %.2f %%, longest freeze %.0f ms, layers %s",
                rate / 1_000,
                100 * audioLoss,
                freeze,
                low.layers(down + 4_000, down + 30_000));

        limit(rate(10_000_000));
        double up = now(page);
        awaitTime(page, up + 25_000);
        QualityRecord again = QualityRecord.of(page);
        double backAfter = again.whenAllHave(PUBLISHERS, TOP, up) - up;
        print("c", "top layers after %.1f s, layers %s", backAfter / 1_000, again.layers(up, up + 25_000));

        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(topAfter).as("a: ms to the top layers").isLessThanOrEqualTo(5_000);
            softly.assertThat(rate).as("b: received bit/s").isLessThanOrEqualTo(600_000);
            softly.assertThat(audioLoss).as("b: audio loss").isLessThan(0.01);
            softly.assertThat(freeze).as("b: longest freeze, ms").isLessThanOrEqualTo(1_000);
            softly.assertThat(backAfter).as("c: ms to the top layers").isLessThanOrEqualTo(25_000);
            softly.assertThat(relayed.relay().ownDrops()).isZero();
        });
    }

    @Test
    void rowDALinkOf1500KbitIsUsedWithoutFlapping() {
        limit(rate(1_500_000));
        CallPage page = join();
        double from = subscribedAt(page) + 20_000;
        double to = subscribedAt(page) + 120_000;
        awaitTime(page, to);
        QualityRecord seen = QualityRecord.of(page);
        double switchesPerMinute = seen.layerSwitches(from, to) / ((to - from) / 60_000);
        double used = seen.rateBps(from, to) / 1_500_000;
        print("d", "%.2f switches/min, %.1f %% used, layers %s", switchesPerMinute, 100 * used, seen.layers(from, to));

        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(switchesPerMinute).as("layer switches per minute").isLessThanOrEqualTo(2);
            softly.assertThat(used).as("used share").isGreaterThanOrEqualTo(0.7);
        });
    }

    @Test
    void rowERandomLossDoesNotCollapseTheRate() {
        limit(rate(4_000_000).withLoss(0.05));
        CallPage page = join();
        double from = subscribedAt(page) + 20_000;
        double to = subscribedAt(page) + 60_000;
        awaitTime(page, to);
        QualityRecord seen = QualityRecord.of(page);
        double used = seen.rateBps(from, to) / 4_000_000;
        print(
                "e",
                "%.1f %% used, audio loss %.1f %%, longest freeze %.0f ms, layers %s",
                100 * used,
                100 * seen.audioLoss(from, to),
                seen.longestFreeze(from, to),
                seen.layers(from, to));

        SoftAssertions.assertSoftly(
                softly -> softly.assertThat(used).as("used share").isGreaterThanOrEqualTo(0.7));
    }

    @Test
    void rowFALongWayWithJitterDoesNotOscillate() {
        // The jitter is 0 to 30 ms in each direction, and the two delays and mean jitters together are 200 ms.
        Duration delay = Duration.ofMillis(85);
        Duration jitter = Duration.ofMillis(30);
        limit(rate(4_000_000).withDelay(delay, jitter), LinkConditions.CLEAR.withDelay(delay, jitter));
        CallPage page = join();
        double from = subscribedAt(page) + 20_000;
        double to = subscribedAt(page) + 60_000;
        awaitTime(page, to);
        QualityRecord seen = QualityRecord.of(page);
        double peakToPeak = seen.peakToPeak(from, to, WINDOW_MS);
        print(
                "f",
                "%.1f %% peak to peak, %.1f %% used, layers %s",
                100 * peakToPeak,
                100 * seen.rateBps(from, to) / 4_000_000,
                seen.layers(from, to));

        SoftAssertions.assertSoftly(
                softly -> softly.assertThat(peakToPeak).as("peak to peak").isLessThanOrEqualTo(0.2));
    }

    @Test
    void aTrackThatDoesNotFitIsSwitchedOffAtOnceAndComesBackAfterFiveSeconds() {
        limit(rate(10_000_000));
        CallPage page = join();
        double start = subscribedAt(page);
        page.await(
                "all videos",
                "async () => Object.values(await quality.heights()).every(height => height > 0)",
                PATIENCE);
        awaitTime(page, start + 8_000);
        limit(rate(300_000)); // Three voices and two base layers fit at the most.
        double down = now(page);
        page.awaitEvents("trackSwitchedOff", 1);
        double offAfter = eventAt(page, "trackSwitchedOff") - down;
        awaitTime(page, down + 15_000);
        QualityRecord low = QualityRecord.of(page);
        double audioLoss = low.audioLoss(down + 4_000, down + 15_000);

        limit(rate(10_000_000));
        double up = now(page);
        page.awaitEvents("trackSwitchedOn", 1);
        double onAfter = eventAt(page, "trackSwitchedOn") - up;
        print(
                "off and on",
                "off after %.0f ms, on %.0f ms after the step back, audio loss meanwhile %.2f %%, layers %s",
                offAfter,
                onAfter,
                100 * audioLoss,
                low.layers(down, down + 15_000));

        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(offAfter).as("ms to the first off").isLessThanOrEqualTo(4_000);
            softly.assertThat(audioLoss).as("audio loss").isLessThan(0.01);
            softly.assertThat(onAfter).as("ms to the first on").isBetween(5_000.0, 25_000.0);
        });
    }

    private static double eventAt(CallPage page, String name) {
        return ((Number) page.evaluate("name => call.events.find(event => event.name === name).at", name))
                .doubleValue();
    }
}
