package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/**
 * Tests that a call of three pages stays up while every process of its cluster is replaced, a gateway, a room node and a
 * media node at the same time, as one changed image does it on Kubernetes.
 */
@Tag("browser")
@Tag("long")
@ExtendWith(ChromiumExtension.class)
class ReplacedNodesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EXIT_SIGTERM = 143;

    /** Events that the application must not get. Of the end of its gateway it hears reconnecting and reconnected. */
    private static final List<String> HARM =
            List.of("trackUnsubscribed", "trackSubscribed", "participantDisconnected", "disconnected");

    private ClusterRig rig;
    private GroupCall call;
    private CallWatch watch;

    @BeforeEach
    void start(Chromium chromium) {
        rig = new ClusterRig.Plan("replaced-nodes")
                .node("room-1", "room")
                .node("room-2", "room")
                .node("gateway-1", "gateway")
                .node("gateway-2", "gateway")
                .node("media-1", "media")
                .node("media-2", "media")
                .oneByOne()
                .start(chromium);
        rig.awaitConverged();
        List<CallPage> pages =
                List.of(rig.page("alice", "gateway-1"), rig.page("bob", "gateway-2"), rig.page("carol", "gateway-1"));
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
    void aCallStaysWhileAllWorkloadsAreReplacedAtOnce() {
        watch.assertMessagesPass();
        watch.mark();
        for (String ordinal : List.of("2", "1")) { // A StatefulSet begins with the last one.
            List<NodeProcess> replaced =
                    List.of(rig.node("room-" + ordinal), rig.node("media-" + ordinal), rig.node("gateway-" + ordinal));
            replaced.forEach(NodeProcess::terminate);
            replaced.forEach(
                    node -> assertThat(node.awaitExit()).as(node.name()).isEqualTo(EXIT_SIGTERM));
            watch.awaitFramesFromNow(PATIENCE);
            for (NodeProcess node : replaced) {
                node.start().awaitReady(ClusterRig.START);
            }
            rig.awaitConverged();
        }
        watch.awaitFramesFromNow(PATIENCE);

        CallWatch.print("every process replaced", watch.gaps());
        watch.assertNoneOf(HARM);
        watch.assertMessagesPass();
    }
}
