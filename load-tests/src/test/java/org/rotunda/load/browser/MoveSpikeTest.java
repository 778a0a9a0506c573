package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.load.browser.Tracks.camera;
import static org.rotunda.load.browser.Tracks.data;
import static org.rotunda.load.browser.Tracks.microphone;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A live call moves to another media node on the same peer connections, and the application is told nothing. What it measures goes
 * into {@code docs/adr/0001-move-calls-by-our-offer.md}.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class MoveSpikeTest {
    private static final int MOVES = 10;
    private static final int MESSAGES = 10;

    private Rig rig;
    private List<CallPage> pages;
    private String room = "";

    /** A node of its own: its media nodes are lost on purpose. */
    @BeforeEach
    void call(Chromium chromium) throws IOException {
        rig = new Rig(chromium);
        pages = new ArrayList<>();
        String name = rig.freshRoom();
        for (String identity : List.of("alice", "bob")) {
            CallPage page = rig.page(identity);
            page.addScript("/move.js");
            room = CallPage.text(
                    page.join(
                            name,
                            List.of(
                                    microphone("microphone"),
                                    camera("camera", 640, 360, 30),
                                    data("data of " + identity)),
                            Map.of("preferredVideoCodecs", "auto")),
                    "room");
            pages.add(page);
        }
        for (CallPage page : pages) {
            page.awaitEvents("trackSubscribed", 3);
            page.awaitEvents("trackStarted", 2); // From here on nothing more happens.
            MediaExpectations.awaitFlowing(page, 2);
            page.await(
                    "every channel open",
                    "() => move.state().channels.filter(one => one.endsWith(' open')).length === 3");
            page.evaluate("() => move.watch()");
        }
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void aDrainedNodeIsLeftWithoutAnEvent() {
        String one = rig.onlyMediaNode();
        String other = "other";
        rig.startMediaNode(other);
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < MOVES; i++) {
            String from = i % 2 == 0 ? one : other;
            gaps.addAll(moving(() -> rig.moveTransports(room, from)));
        }
        Gap.print("drain", gaps);
    }

    @Test
    void aNodeThatDiedIsReplacedWithoutAnEvent() {
        List<Gap> gaps = new ArrayList<>();
        String current = rig.onlyMediaNode();
        for (int i = 0; i < MOVES; i++) {
            String dying = current;
            String next = "media-" + i;
            rig.startMediaNode(next);
            gaps.addAll(moving(() -> rig.stopMediaNode(dying)));
            current = next;
        }
        Gap.print("crash", gaps);
    }

    /** Everything the application can see is the same after the move, and messages go on both ways. */
    private List<Gap> moving(Runnable move) {
        assertMessagesPass();
        List<Map<String, Object>> before = new ArrayList<>();
        for (CallPage page : pages) {
            before.add(state(page));
            page.evaluate("() => move.reset()");
        }

        move.run();

        List<Gap> gaps = new ArrayList<>();
        for (CallPage page : pages) {
            page.await("frames from the new node", "() => move.isBack(15)");
            gaps.add(Gap.of(page));
        }
        assertMessagesPass();
        for (int i = 0; i < pages.size(); i++) {
            CallPage page = pages.get(i);
            assertThat(state(page)).as("%s: %s", page.identity(), page.events()).isEqualTo(before.get(i));
            assertThat(page.errors()).isEmpty();
        }
        return gaps;
    }

    private void assertMessagesPass() {
        for (CallPage page : pages) {
            page.evaluate("() => { Object.values(call.messages).forEach(list => list.length = 0); }");
        }
        for (CallPage page : pages) {
            page.evaluate(
                    "([name, count]) => { for (let i = 0; i < count; i++) call.send(name, 'm' + i); }",
                    "data of " + page.identity(),
                    MESSAGES);
        }
        for (CallPage page : pages) {
            page.await(
                    "messages in order",
                    "count => { const [list] = Object.values(call.messages);"
                            + " return list.length === count && list.every((text, i) => text === 'm' + i); }",
                    MESSAGES);
        }
    }

    private static Map<String, Object> state(CallPage page) {
        Map<String, Object> state = CallPage.cast(page.evaluate("() => move.state()"));
        assertThat(state)
                .containsEntry("room", "connected")
                .containsEntry("closed", List.of())
                .containsEntry("changes", List.of());
        return state;
    }

    /** How long one page was without video, in ms. */
    private record Gap(double milliseconds, double afterOffer) {
        static Gap of(CallPage page) {
            Map<String, Object> gap = CallPage.cast(page.evaluate("() => move.gap()"));
            return new Gap(MediaExpectations.number(gap, "gap"), MediaExpectations.number(gap, "afterOffer"));
        }

        static void print(String what, List<Gap> gaps) {
            System.out.printf(
                    "%s: %d moves of one client; ms without a decoded frame min/median/max %s, from our offer to the next frame %s%n",
                    what,
                    gaps.size(),
                    summary(gaps.stream()
                            .mapToDouble(Gap::milliseconds)
                            .sorted()
                            .toArray()),
                    summary(gaps.stream().mapToDouble(Gap::afterOffer).sorted().toArray()));
        }

        private static String summary(double[] sorted) {
            return "%.0f/%.0f/%.0f".formatted(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
        }
    }
}
