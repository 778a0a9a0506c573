package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.CallWatch;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.ChromiumExtension;
import org.rotunda.load.browser.GroupCall;
import org.rotunda.load.testkit.Await;

/**
 * Tests that a call of three pages leaves a media node that is drained, and one that is stopped by SIGTERM. The
 * application must notice nothing, and no message may be lost.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class DrainedMediaNodeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The messages that each page sends just before the drain, and again after it. */
    private static final int MESSAGES = 10;

    private static final int EXIT_SIGTERM = 143;

    private ClusterRig rig;
    private GroupCall call;
    private CallWatch watch;

    @BeforeEach
    void start(Chromium chromium) {
        rig = new ClusterRig.Plan("drained-media-node")
                .node("gateway-1", "gateway", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .start(chromium);
        rig.awaitConverged();
        List<CallPage> pages =
                List.of(rig.page("alice", "gateway-1"), rig.page("bob", "gateway-1"), rig.page("carol", "gateway-1"));
        pages.forEach(CallWatch::prepare);
        call = GroupCall.join(pages, rig.freshRoom(), 320, 180, 15, Map.of("preferredVideoCodecs", "auto"));
        call.awaitFlowing();
        watch = CallWatch.begin(call);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void aCallLeavesAMediaNodeBeforeItGoes() {
        List<CallWatch.Gap> gaps = new ArrayList<>();
        NodeProcess drained = rig.onlyNodeWith("rotunda_media_publications");
        gaps.addAll(leaves(() -> {
            assertThat(drained.order("/drain").path("state").asText()).isIn("draining", "drained");
            assertThat(drained.isReady()).isFalse();
        }));
        Await.until(
                "the drained node to be empty",
                PATIENCE,
                () -> drained.drain().path("state").asText().equals("drained"));
        assertThat(drained.drain().path("moved").asInt()).isEqualTo(call.pages().size());
        assertThat(drained.metrics().value("rotunda_drain_state{state=\"drained\"}"))
                .isEqualTo(1);
        assertThat(drained.order("/undrain").path("state").asText()).isEqualTo("serving");
        drained.awaitReady(PATIENCE);

        NodeProcess stopped = rig.onlyNodeWith("rotunda_media_publications");
        assertThat(stopped).isNotSameAs(drained);
        gaps.addAll(leaves(stopped::terminate));
        assertThat(stopped.awaitExit()).isEqualTo(EXIT_SIGTERM);
        CallWatch.print("drain in a cluster", gaps);

        assertThat(rig.onlyNodeWith("rotunda_media_publications")).isSameAs(drained);
        watch.assertMessagesPass();
        watch.assertNothingChanged();
        aNodeWithoutAnotherOneWaitsUntilTheSecondSignal(drained);
    }

    private void aNodeWithoutAnotherOneWaitsUntilTheSecondSignal(NodeProcess last) {
        last.terminate();
        Await.until(
                "the drain to be blocked",
                PATIENCE,
                () -> last.drain().path("blocked").asBoolean());
        watch.awaitFramesFromNow(PATIENCE);
        assertThat(last.isAlive()).isTrue();

        last.terminate();

        assertThat(last.awaitExit()).isEqualTo(EXIT_SIGTERM);
        assertThat(last.logLines())
                .anySatisfy(line -> assertThat(line).contains("drain is blocked"))
                .anySatisfy(line -> assertThat(line).contains("second signal"));
    }

    /** Makes the call leave its media node. Each page sends messages at the same time. */
    private List<CallWatch.Gap> leaves(Runnable order) {
        watch.assertMessagesPass();
        watch.mark();
        clearMessages();
        send(0);

        order.run();

        List<CallWatch.Gap> gaps = watch.awaitMoved();
        send(MESSAGES);
        assertThatAllMessagesCame();
        watch.assertNothingChanged();
        return gaps;
    }

    private void clearMessages() {
        for (CallPage page : call.pages()) {
            page.evaluate("() => { Object.values(call.messages).forEach(list => list.length = 0); }");
        }
    }

    private void send(int first) {
        for (CallPage page : call.pages()) {
            page.evaluate(
                    "([name, first, count]) => { for (let i = 0; i < count; i++) call.send(name, 'n' + (first + i)); }",
                    List.of(GroupCall.dataTrack(page.identity()), first, MESSAGES));
        }
    }

    private void assertThatAllMessagesCame() {
        List<String> sent =
                IntStream.range(0, 2 * MESSAGES).mapToObj(i -> "n" + i).toList();
        for (CallPage page : call.pages()) {
            page.await(
                    "all messages in order",
                    "([sent, others]) => { const lists = Object.values(call.messages); return lists.length === others"
                            + " && lists.every(list => JSON.stringify(list) === JSON.stringify(sent)); }",
                    List.of(sent, call.pages().size() - 1));
        }
    }
}
