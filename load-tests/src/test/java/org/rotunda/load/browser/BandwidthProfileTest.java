package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.MediaExpectations.number;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.TimeLimit;

/**
 * Tests bandwidth profiles with a page of the stock SDK that watches bots. The bots publish the clip in three layers,
 * and the page's own limit of the bit rate takes the place of a slow network.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BandwidthProfileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The time in which a client's own request to switch a track must be obeyed, in ms. */
    private static final double AT_ONCE_MS = 1_000;

    private static final int MEASURE_MS = 1_000;

    private final BotNode node = new BotNode();
    private final List<Bot> publishers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private Pages pages;

    @SuppressWarnings("NullAway.Init") // JUnit sets the field before every test.
    private String room;

    @BeforeEach
    void openPages(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
        room = node.freshRoom();
    }

    @AfterEach
    void endCall() {
        pages.close();
        publishers.forEach(Bot::leave);
        publishers.clear();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** Lets bots publish the clip. Their identities are {@code bot-0} and so on. */
    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            publishers.add(node.join(node.settings(room, "bot-" + i)
                    .withPublishing(Publishing.NOTHING.withVideo(Publishing.Video.CLIP))
                    .withoutSubscribing()));
        }
    }

    /** Joins with a profile of this mode in which the page decides about sizes and switching by itself. */
    private CallPage watch(String mode, int bitrateMaxBps, int videos) {
        return join(
                Map.of(
                        "mode",
                        mode,
                        "maxSubscriptionBitrate",
                        bitrateMaxBps,
                        "contentPreferencesMode",
                        "manual",
                        "clientTrackSwitchOffControl",
                        "manual"),
                videos);
    }

    private CallPage join(Map<String, Object> profile, int videos) {
        CallPage page = pages.page("viewer", node.signaling().toString());
        page.addScript("/quality.js");
        page.join(room, List.of(), Map.of("bandwidthProfile", Map.of("video", profile)));
        page.awaitEvents("trackSubscribed", videos);
        return page;
    }

    /** Returns the SID of the video of a participant. */
    private static String videoOf(CallPage page, String identity) {
        return (String) page.evaluate(
                "identity => call.events.find(event => event.name === 'trackSubscribed' && event.kind === 'video'"
                        + " && event.identity === identity).track",
                identity);
    }

    private static void renderAt(CallPage page, String identity, int width, int height) {
        page.evaluate(
                "([sid, width, height]) => call.remote(sid).setContentPreferences({ renderDimensions: { width, height } })",
                videoOf(page, identity),
                width,
                height);
    }

    private static void setPriority(CallPage page, String identity, String priority) {
        page.evaluate("([sid, priority]) => call.remote(sid).setPriority(priority)", videoOf(page, identity), priority);
    }

    /** Waits until the page's videos have these heights. The height 0 stands for a track that is switched off. */
    private static void awaitHeights(CallPage page, Map<String, Integer> heightByIdentity) {
        Map<String, Object> expected = new HashMap<>();
        heightByIdentity.forEach((identity, height) -> expected.put(videoOf(page, identity), height));
        // The state must last, because every video may pass through it on its way to another layer.
        page.await(
                "the heights " + heightByIdentity + ", that is " + expected, """
                async expected => {
                  const now = await quality.heights();
                  const same = Object.entries(expected).every(([sid, height]) => now[sid] === height);
                  if (!same) { window.sameSince = undefined; return false; }
                  window.sameSince = window.sameSince || performance.now();
                  return performance.now() - window.sameSince >= 3000;
                }
                """, expected, PATIENCE.multipliedBy(2));
        page.evaluate("() => { window.sameSince = undefined; }");
    }

    @ParameterizedTest
    @CsvSource({
        "grid,          180, 180, 180", // All drop together, although one is larger and more important.
        "collaboration, 360, 180, 180", // The larger one gets more, and all stay on.
        "presentation,  360, 0,   0" // The most important one gets what it can use, and the others are off.
    })
    void eachModeDividesTooLittleInItsOwnWay(String mode, int first, int second, int third) {
        publish(3);
        CallPage page = watch(mode, 700_000, 3);
        setPriority(page, "bot-0", "high");
        renderAt(page, "bot-0", 1280, 720);
        for (String other : List.of("bot-1", "bot-2")) {
            setPriority(page, other, "low");
            renderAt(page, other, 176, 144);
        }

        awaitHeights(page, Map.of("bot-0", first, "bot-1", second, "bot-2", third));

        assertThat(page.errors()).isEmpty();
    }

    @Test
    void aPriorityThatChangesInTheCallChangesWhoIsOn() {
        publish(2);
        CallPage page = watch("presentation", 400, 2);
        setPriority(page, "bot-0", "high");
        awaitOnlyOn(page, "bot-0");

        double subscriber = millisUntil(page, () -> {
            setPriority(page, "bot-0", "low");
            setPriority(page, "bot-1", "high");
            awaitOnlyOn(page, "bot-1");
        });
        // Without the page's own priorities those of the publishers count.
        page.evaluate("sid => call.remote(sid).setPriority(null)", videoOf(page, "bot-0"));
        page.evaluate("sid => call.remote(sid).setPriority(null)", videoOf(page, "bot-1"));
        double publisher = millisUntil(page, () -> {
            publishers.get(0).setVideoPriority("high");
            awaitOnlyOn(page, "bot-0");
        });
        System.out.printf(
                Locale.ROOT,
                "priority change: %.0f ms by the subscriber, %.0f ms by the publisher%n",
                subscriber,
                publisher);
        assertThat(page.count("trackSwitchedOff")).isGreaterThanOrEqualTo(2);
        assertThat(page.count("trackSwitchedOn")).isGreaterThanOrEqualTo(2);
    }

    private static double millisUntil(CallPage page, Runnable steps) {
        double before = now(page);
        steps.run();
        return now(page) - before;
    }

    private static double now(CallPage page) {
        return ((Number) page.page().evaluate("() => performance.now()")).doubleValue();
    }

    /** Waits until this is the only video that is on. */
    private static void awaitOnlyOn(CallPage page, String identity) {
        page.await("only " + identity + " on", """
                async sid => {
                  const heights = await quality.heights();
                  return Object.entries(heights).every(([other, height]) => (other === sid) === height > 0);
                }
                """, videoOf(page, identity), PATIENCE);
    }

    @Test
    void aTinyLimitLeavesExactlyTheMostImportantTrack() {
        publish(3);
        CallPage page = watch("grid", 400, 3);
        setPriority(page, "bot-2", "high");
        awaitOnlyOn(page, "bot-2");

        // The state lasts, and only this track has frames.
        page.evaluate("() => { window.since = performance.now(); }");
        page.await("five seconds", "() => performance.now() - window.since >= 5000");
        assertFlowing(page, "bot-2", true);
        assertFlowing(page, "bot-0", false);
        assertFlowing(page, "bot-1", false);
        assertThat(page.evaluate(
                        "sid => call.events.some(event => event.name === 'trackSwitchedOff' && event.track === sid"
                                + " && event.at >= window.since)",
                        videoOf(page, "bot-2")))
                .isEqualTo(false);
    }

    private static void assertFlowing(CallPage page, String identity, boolean flowing) {
        assertThat(framesIn(page, identity, MEASURE_MS) > 0)
                .as("frames of %s", identity)
                .isEqualTo(flowing);
    }

    /** Returns the number of frames that a page receives of a video in this time. */
    private static double framesIn(CallPage page, String identity, int milliseconds) {
        return number(CallPage.cast(page.evaluate("""
                        async ([sid, milliseconds]) => {
                          const received = async () => (await call.mediaStats()).find(one => one.track === sid).framesReceived;
                          const before = await received();
                          await new Promise(resolve => setTimeout(resolve, milliseconds));
                          return { frames: await received() - before };
                        }
                        """, videoOf(page, identity), milliseconds)), "frames");
    }

    @Test
    void aClientSwitchesATrackOffAndOnAtOnce() {
        publish(1);
        CallPage page = watch("grid", 0, 1);
        renderAt(page, "bot-0", 1280, 720);
        awaitHeights(page, Map.of("bot-0", 720));
        String sid = videoOf(page, "bot-0");

        double off = millisUntil(page, () -> {
            page.evaluate("sid => call.remote(sid).switchOff()", sid);
            page.awaitTrackEvent("trackSwitchedOff", sid);
        });
        awaitNoMoreFrames(page, sid);
        double on = millisUntil(page, () -> {
            page.evaluate("sid => call.remote(sid).switchOn()", sid);
            page.awaitTrackEvent("trackSwitchedOn", sid);
            page.await("frames", """
                    async sid => {
                      const { framesReceived } = (await call.mediaStats()).find(one => one.track === sid);
                      window.framesOff = window.framesOff ?? framesReceived;
                      return framesReceived > window.framesOff;
                    }
                    """, sid);
        });
        System.out.printf(Locale.ROOT, "switched off after %.0f ms, on with frames after %.0f ms%n", off, on);
        TimeLimit.holds("switching off", off, AT_ONCE_MS);
        TimeLimit.holds("switching on", on, AT_ONCE_MS);
    }

    @Test
    void theSizeOfTheElementDecidesAboutTheLayerAndAHiddenElementSwitchesOff() {
        publish(1);
        CallPage page = join(Map.of("mode", "grid"), 1);
        String sid = videoOf(page, "bot-0");
        setStyle(page, "width: 1280px; height: 720px; object-fit: cover");
        awaitHeights(page, Map.of("bot-0", 720));

        setStyle(page, "width: 160px; height: 90px; object-fit: cover");
        awaitHeights(page, Map.of("bot-0", 180));

        setStyle(page, "display: none");
        page.awaitTrackEvent("trackSwitchedOff", sid);
        awaitNoMoreFrames(page, sid);

        setStyle(page, "width: 640px; height: 360px; object-fit: cover");
        page.awaitTrackEvent("trackSwitchedOn", sid);
        awaitHeights(page, Map.of("bot-0", 360));
    }

    /** Waits until no frame has come for a second. Frames that were on their way may still come after the event. */
    private static void awaitNoMoreFrames(CallPage page, String sid) {
        page.await("no more frames", """
                async sid => {
                  const { framesReceived } = (await call.mediaStats()).find(one => one.track === sid);
                  if (framesReceived !== window.lastFrames) { window.lastFrames = framesReceived; window.stillSince = performance.now(); }
                  return performance.now() - window.stillSince > 1000;
                }
                """, sid);
    }

    private static void setStyle(CallPage page, String style) {
        page.evaluate("style => { document.querySelector('#media video').style.cssText = style; }", style);
    }

    @Test
    void thePresentersScreenComesFirst() {
        publish(2);
        CallPage page = watch("presentation", 400, 2);
        page.await(
                "one camera on",
                "async () => Object.values(await quality.heights()).filter(height => height > 0).length === 1",
                PATIENCE);
        CallPage presenter = pages.page("presenter", node.signaling().toString());
        presenter.join(room, List.of(), Map.of());
        presenter.evaluate(
                "track => call.publish(track)",
                Map.of(
                        "kind", "canvas",
                        "name", "screen",
                        "width", 1280,
                        "height", 720,
                        "frameRate", 5,
                        "contentHint", "detail",
                        "priority", "high"));
        page.awaitEvents("trackSubscribed", 3);
        awaitOnlyOn(page, "presenter");
        assertThat(framesIn(page, "presenter", 2 * MEASURE_MS)).isPositive();

        // When the presentation ends, a camera comes back.
        presenter.evaluate("name => call.unpublish(name)", "screen");
        page.await(
                "one camera on",
                "async () => Object.values(await quality.heights()).filter(height => height > 0).length === 1",
                PATIENCE);
    }

    @Test
    void publishersEncodeOnlyTheLayersThatSomebodyWatches() {
        CallPage publisher = pages.page("publisher", node.signaling().toString());
        publisher.join(room, List.of(Tracks.camera("camera", 1280, 720, 24)), Map.of("preferredVideoCodecs", "auto"));
        awaitEncodings(publisher, 0);
        CallPage page = watch("grid", 0, 1);

        renderAt(page, "publisher", 320, 180);
        awaitEncodings(publisher, 1);
        renderAt(page, "publisher", 640, 360);
        awaitEncodings(publisher, 2);
        renderAt(page, "publisher", 1280, 720);
        awaitEncodings(publisher, 3);
        awaitHeights(page, Map.of("publisher", 720));

        page.evaluate("sid => call.remote(sid).switchOff()", videoOf(page, "publisher"));
        awaitEncodings(publisher, 0);
        page.evaluate("sid => call.remote(sid).switchOn()", videoOf(page, "publisher"));
        awaitEncodings(publisher, 3);
        page.evaluate("() => call.leave()");
        awaitEncodings(publisher, 0);
        Await.until("no error", PATIENCE, () -> publisher.errors().isEmpty());
    }

    /** Waits until so many layers are active by the publisher's statistics, and the same layers send frames. */
    private static void awaitEncodings(CallPage publisher, int count) {
        publisher.await(
                count + " encodings",
                """
                async count => {
                  const layers = (await call.outbound()).filter(one => one.ssrc);
                  const before = window.layersBefore || {};
                  const sending = layers.filter(one => one.framesSent > (before[one.ssrc] ?? one.framesSent));
                  window.layersBefore = Object.fromEntries(layers.map(one => [one.ssrc, one.framesSent]));
                  const isSame = layers.filter(one => one.active).length === count && sending.length === count;
                  window.encodingsSince = isSame ? window.encodingsSince || performance.now() : undefined;
                  await new Promise(resolve => setTimeout(resolve, 500));
                  return isSame && performance.now() - window.encodingsSince > 2000;
                }
                """,
                count,
                PATIENCE.multipliedBy(2)); // The top layer starts when the uplink's estimate has grown.
        publisher.evaluate("() => { window.encodingsSince = undefined; }");
    }
}
