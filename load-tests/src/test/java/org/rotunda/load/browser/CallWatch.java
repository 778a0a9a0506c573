package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Watches a running call while nodes fail or move, and records what an application could notice: pauses of video,
 * events, and changes of tracks, channels and connections. Pauses are measured from frame to frame. Pages must be
 * {@link #prepare prepared} before they join.
 */
public final class CallWatch {
    private static final int MESSAGES = 10;
    /** The number of frames that prove that video continues. Fewer frames could still come from the decoder's queue. */
    private static final int FRAMES_BACK = 15;
    /**
     * The longest wait for the server's offer, in ms, during which the application must get no event. After about 7.6 s
     * a client restarts ICE itself and reports that it is reconnecting.
     */
    private static final double SILENCE_MS_MAX = 6_000;
    /** The events that the application gets when the client restarts ICE itself. */
    private static final List<String> RESTARTED = List.of("reconnecting", "reconnected");

    private final List<CallPage> pages;
    private List<Map<String, Object>> before = List.of();

    private CallWatch(List<CallPage> pages) {
        this.pages = pages;
    }

    /** Prepares a page for a call that will be watched. Must be called before the page joins. */
    public static void prepare(CallPage page) {
        page.addScript("/move.js");
    }

    /** Waits until every track has started and every data channel is open, and begins to watch. */
    public static CallWatch begin(GroupCall call) {
        List<CallPage> pages = call.pages();
        int others = pages.size() - 1;
        for (CallPage page : pages) {
            page.awaitEvents("trackStarted", 2 * others);
            // Each data track has a channel, the page's own tracks included. Media signaling has at least one more
            // channel.
            page.await(
                    "every channel open",
                    "dataTracks => { const all = move.state().channels;"
                            + " return all.length > dataTracks && all.every(one => one.endsWith(' open')); }",
                    pages.size());
            page.evaluate("() => move.watch()");
        }
        return new CallWatch(pages);
    }

    /** Begins a new measurement and notes the state that {@link #assertNothingChanged} compares with. */
    public void mark() {
        before = new ArrayList<>();
        for (CallPage page : pages) {
            before.add(state(page));
            page.evaluate("() => move.reset()");
        }
    }

    /**
     * Waits until every page has received an offer of the server and then frames of all other participants. Returns the
     * longest pause of each page.
     */
    public List<Gap> awaitMoved() {
        return gapsAfter("frames from the new node", "count => move.isBack(count)");
    }

    /**
     * Waits until every page has received frames of all other participants since the mark. Returns the longest pause of
     * each page.
     */
    public List<Gap> awaitFrames() {
        return gapsAfter("more frames", "count => move.hasFrames(count)");
    }

    /** Waits until every page has received further frames of all other participants after this call. */
    public void awaitFramesFromNow(Duration patience) {
        pages.forEach(page -> page.evaluate("() => { move.now = performance.now(); }"));
        pages.forEach(page ->
                page.await("frames from now", "count => move.hasFrames(count, move.now)", FRAMES_BACK, patience));
    }

    private List<Gap> gapsAfter(String what, String condition) {
        List<Gap> gaps = new ArrayList<>();
        for (CallPage page : pages) {
            page.await(what, condition, FRAMES_BACK);
            gaps.add(Gap.of(page));
        }
        return gaps;
    }

    /** Returns the longest pause of each page since the mark. */
    public List<Gap> gaps() {
        return pages.stream().map(Gap::of).toList();
    }

    /** Waits for frames on every page, and asserts that no pause of video was longer than this many ms. */
    public void assertFramesDidNotStop(double pauseMsMax) {
        assertThat(awaitFrames())
                .as("pauses; events since the mark: %s", eventsSinceMark())
                .allSatisfy(gap -> assertThat(gap.milliseconds()).isLessThan(pauseMsMax));
    }

    /** Asserts that messages of every participant reach all other participants in order. */
    public void assertMessagesPass() {
        for (CallPage page : pages) {
            page.evaluate("() => { Object.values(call.messages).forEach(list => list.length = 0); }");
        }
        for (CallPage page : pages) {
            page.evaluate(
                    "([name, count]) => { for (let i = 0; i < count; i++) call.send(name, 'm' + i); }",
                    GroupCall.dataTrack(page.identity()),
                    MESSAGES);
        }
        for (CallPage page : pages) {
            page.await(
                    "messages in order",
                    "([count, others]) => { const lists = Object.values(call.messages); return lists.length === others"
                            + " && lists.every(list => list.length === count && list.every((text, i) => text === 'm' +"
                            + " i)); }",
                    List.of(MESSAGES, pages.size() - 1));
        }
    }

    /**
     * Asserts that tracks, channels and connections are the same as at the mark and that no event was recorded. If a
     * client waited longer than {@link #SILENCE_MS_MAX} for the server's offer, it may report the events of {@link
     * #RESTARTED}.
     */
    public void assertNothingChanged() {
        for (int i = 0; i < pages.size(); i++) {
            CallPage page = pages.get(i);
            Gap gap = Gap.of(page);
            Map<String, Object> now = state(page);
            Map<String, Object> expected = new HashMap<>(before.get(i));
            if (gap.untilOffer() > SILENCE_MS_MAX) {
                assertThat(eventsSinceMark(i))
                        .as("%s, %s", page.identity(), gap)
                        .isSubsetOf(RESTARTED);
                expected.put("events", now.get("events"));
            }
            assertThat(now)
                    .as("%s, %s, offer after %.0f ms: %s", page.identity(), gap, gap.untilOffer(), page.events())
                    .isEqualTo(expected);
            assertThat(page.errors()).isEmpty();
        }
    }

    /** Asserts that no page has recorded an error or one of these events since the mark. */
    public void assertNoneOf(Collection<String> events) {
        for (int i = 0; i < pages.size(); i++) {
            CallPage page = pages.get(i);
            assertThat(eventsSinceMark(i))
                    .as("%s: %s", page.identity(), page.events())
                    .doesNotContainAnyElementsOf(events);
            assertThat(page.errors()).isEmpty();
        }
    }

    /** Returns the events that each page has recorded since the mark, by the identity of its participant. */
    private Map<String, List<String>> eventsSinceMark() {
        Map<String, List<String>> events = new TreeMap<>();
        for (int i = 0; i < pages.size(); i++) {
            events.put(pages.get(i).identity(), eventsSinceMark(i));
        }
        return events;
    }

    private List<String> eventsSinceMark(int page) {
        List<String> names = pages.get(page).eventNames();
        return names.subList((int) MediaExpectations.number(before.get(page), "events"), names.size());
    }

    private static Map<String, Object> state(CallPage page) {
        Map<String, Object> state = CallPage.cast(page.evaluate("() => move.state()"));
        assertThat(state)
                .containsEntry("room", "connected")
                .containsEntry("closed", List.of())
                .containsEntry("changes", List.of());
        return state;
    }

    /** Prints statistics of the pauses. */
    public static void print(String what, List<Gap> gaps) {
        System.out.printf(
                "%s: %d moves of one client; ms without a decoded frame min/median/max %s, from the server's offer to"
                        + " the next frame %s%n",
                what, gaps.size(), summary(gaps, Gap::milliseconds), summary(gaps, Gap::afterOffer));
    }

    /** Returns the minimum, the median and the maximum, separated by slashes. */
    public static <T> String summary(List<T> values, ToDoubleFunction<T> number) {
        double[] sorted = values.stream().mapToDouble(number).sorted().toArray();
        return "%.0f/%.0f/%.0f".formatted(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    /**
     * The longest pause of video on one page.
     *
     * @param milliseconds the length of the pause
     * @param from the beginning of the pause, in ms since 1970
     * @param afterOffer the ms from {@code offerAt} to the frame that ended the pause; 0 without an offer
     * @param offerAt the arrival of the server's first offer since {@link CallWatch#mark}, in ms since 1970; 0 without
     *     an offer
     */
    public record Gap(double milliseconds, double from, double afterOffer, double offerAt) {
        static Gap of(CallPage page) {
            Map<String, Object> gap = CallPage.cast(page.evaluate("() => move.gap()"));
            return new Gap(
                    MediaExpectations.number(gap, "gap"),
                    MediaExpectations.number(gap, "from"),
                    MediaExpectations.number(gap, "afterOffer"),
                    MediaExpectations.number(gap, "offerAt"));
        }

        /**
         * Returns the ms from the beginning of the pause to the server's offer. The result is negative if the offer
         * came earlier or did not come.
         */
        double untilOffer() {
            return offerAt - from;
        }

        @Override
        public String toString() {
            return "%.0f ms from %s"
                    .formatted(
                            milliseconds,
                            Instant.ofEpochMilli((long) from)
                                    .atZone(ZoneId.systemDefault())
                                    .toLocalTime());
        }
    }
}
