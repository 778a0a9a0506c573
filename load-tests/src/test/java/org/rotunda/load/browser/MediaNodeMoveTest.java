package org.rotunda.load.browser;

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
 * Tests that a live call moves to another media node on the same peer connections, and that the application notices
 * nothing. The figures of this test are recorded in {@code docs/adr/0001-move-calls-by-our-offer.md}.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class MediaNodeMoveTest {
    private static final int MOVES = 10;

    private Rig rig;
    private CallWatch watch;
    private String room = "";

    /** Starts a node for this test alone, because the test stops the node's media nodes. */
    @BeforeEach
    void call(Chromium chromium) throws IOException {
        rig = new Rig(chromium);
        List<CallPage> pages = new ArrayList<>();
        for (String identity : List.of("alice", "bob")) {
            CallPage page = rig.page(identity);
            CallWatch.prepare(page);
            pages.add(page);
        }
        GroupCall call = GroupCall.join(pages, rig.freshRoom(), 640, 360, 30, Map.of("preferredVideoCodecs", "auto"));
        room = call.room();
        call.awaitFlowing();
        watch = CallWatch.begin(call);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void aCallLeavesADrainedMediaNodeWithoutAnEvent() {
        String one = rig.onlyMediaNode();
        String other = "other";
        rig.startMediaNode(other);
        List<CallWatch.Gap> gaps = new ArrayList<>();
        for (int i = 0; i < MOVES; i++) {
            String from = i % 2 == 0 ? one : other;
            gaps.addAll(moving(() -> rig.moveTransports(room, from)));
        }
        CallWatch.print("drain", gaps);
    }

    @Test
    void aCallLeavesADeadMediaNodeWithoutAnEvent() {
        List<CallWatch.Gap> gaps = new ArrayList<>();
        String current = rig.onlyMediaNode();
        for (int i = 0; i < MOVES; i++) {
            String dying = current;
            String next = "media-" + i;
            rig.startMediaNode(next);
            gaps.addAll(moving(() -> rig.stopMediaNode(dying)));
            current = next;
        }
        CallWatch.print("crash", gaps);
    }

    private List<CallWatch.Gap> moving(Runnable move) {
        watch.assertMessagesPass();
        watch.mark();

        move.run();

        List<CallWatch.Gap> gaps = watch.awaitMoved();
        watch.assertMessagesPass();
        watch.assertNothingChanged();
        return gaps;
    }
}
