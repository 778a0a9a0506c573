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
import java.util.function.ToDoubleFunction;

/**
 * Watches a running call while something happens to the nodes that carry it: frame by frame, and everything an application could
 * notice. The script of its pages must be there before they join.
 */
public final class CallWatch {
    private static final int MESSAGES = 10;
    /** Enough that the decoder goes on and did not only finish what it had. */
    private static final int FRAMES_BACK = 15;
    /**
     * After so much silence of a media node an offer of ours may come too late to keep the client quiet, in ms: after 7.6 s it
     * restarts ICE by itself.
     */
    private static final double SILENCE_MS_MAX = 6_000;
    /** What it tells the application then. */
    private static final List<String> RESTARTED = List.of("reconnecting", "reconnected");

    private final List<CallPage> pages;
    private List<Map<String, Object>> before = List.of();

    private CallWatch(List<CallPage> pages) {
        this.pages = pages;
    }

    /** What a page needs before it joins a call that is to be watched. */
    public static void prepare(CallPage page) {
        page.addScript("/move.js");
    }

    /** From here on nothing more happens by itself: every track has started and every channel is open. */
    public static CallWatch begin(GroupCall call) {
        List<CallPage> pages = call.pages();
        int others = pages.size() - 1;
        for (CallPage page : pages) {
            page.awaitEvents("trackStarted", 2 * others);
            // The data tracks of all, our own too, and one or more of media signaling.
            page.await(
                    "every channel open",
                    "dataTracks => { const all = move.state().channels;"
                            + " return all.length > dataTracks && all.every(one => one.endsWith(' open')); }",
                    pages.size());
            page.evaluate("() => move.watch()");
        }
        return new CallWatch(pages);
    }

    /** What is measured and compared begins here. */
    public void mark() {
        before = new ArrayList<>();
        for (CallPage page : pages) {
            before.add(state(page));
            page.evaluate("() => move.reset()");
        }
    }

    /** Waits until every page has had an offer of ours and after it frames of everybody; how long each page was without. */
    public List<Gap> awaitMoved() {
        return gapsAfter("frames from the new node", "count => move.isBack(count)");
    }

    /** Waits until every page has more frames of everybody; the longest pause of each page. */
    public List<Gap> awaitFrames() {
        return gapsAfter("more frames", "count => move.hasFrames(count)");
    }

    /** Waits until every page has more frames of everybody than it had when this was called. */
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

    /** The longest pauses so far. */
    public List<Gap> gaps() {
        return pages.stream().map(Gap::of).toList();
    }

    /** The longest pause of each page is no longer than that many ms. */
    public void assertFramesDidNotStop(double pauseMsMax) {
        assertThat(awaitFrames())
                .as("pauses")
                .allSatisfy(gap -> assertThat(gap.milliseconds()).isLessThan(pauseMsMax));
    }

    /** Messages of everybody reach everybody else, in order. */
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
     * Everything the application can see is as it was at the mark: tracks, channels, connections, and not one event more. But a
     * client that lost patience before our offer came may say that it reconnected.
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

    /** Since the mark no page has recorded any of these events, nor an error. */
    public void assertNoneOf(Collection<String> events) {
        for (int i = 0; i < pages.size(); i++) {
            CallPage page = pages.get(i);
            assertThat(eventsSinceMark(i))
                    .as("%s: %s", page.identity(), page.events())
                    .doesNotContainAnyElementsOf(events);
            assertThat(page.errors()).isEmpty();
        }
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

    /** The figures of many gaps, for people. */
    public static void print(String what, List<Gap> gaps) {
        System.out.printf(
                "%s: %d moves of one client; ms without a decoded frame min/median/max %s, from our offer to the next"
                        + " frame %s%n",
                what, gaps.size(), summary(gaps, Gap::milliseconds), summary(gaps, Gap::afterOffer));
    }

    /** Least, median and greatest. */
    public static <T> String summary(List<T> values, ToDoubleFunction<T> number) {
        double[] sorted = values.stream().mapToDouble(number).sorted().toArray();
        return "%.0f/%.0f/%.0f".formatted(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    /**
     * How long one page was without video, in ms.
     *
     * @param from when it began, in ms since 1970
     * @param afterOffer from our first offer after the mark to the frame that ended the gap; 0 without an offer
     * @param offerAt when that offer came, in ms since 1970; 0 without an offer
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

        /** How long the page had been without video when our offer came, in ms; below 0 if it was not, or no offer came. */
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
