package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;

class RoomsLostWatchTest {
    private static final NodeId NODE = new NodeId("10.0.0.7", 25520, 1);
    private static final NodeId OTHER = new NodeId("10.0.0.8", 25520, 2);
    private static final Set<String> ALL = Set.of("all");
    private static final Duration LONGER_THAN_IT_GATHERS = Duration.ofMillis(500);

    private final ActorTestKit testKit = ActorTestKit.create(
            ConfigFactory.parseString("pekko.fail-mixed-versions = off")); // MixedVersionsTest checks the versions.

    /** Gets, for each registration, the nodes whose sessions register again, or {@link #ALL}. */
    private final TestProbe<Set<String>> resyncs = testKit.createTestProbe();

    @BeforeEach
    void start() {
        testKit.spawn(RoomsLostWatch.create(
                over -> resyncs.getRef().tell(ALL),
                (nodes, over) -> resyncs.getRef().tell(nodes)));
        do { // The watch subscribes only after a delay, so the test publishes events until one event arrives.
            publish(new NodePaused(1));
        } while (resyncs().isEmpty());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void sessionsOfALostNodeRegisterAgain() {
        assertThat(resyncsAfter(new NodeLost(NODE, Set.of("room")))).containsExactly(Set.of(NODE.toString()));
    }

    @Test
    void sessionsOfANodeThatIsBackRegisterAgain() {
        assertThat(resyncsAfter(new NodeBack(NODE, Set.of("gateway", "room"))))
                .containsExactly(Set.of(NODE.toString()));
    }

    @Test
    void allSessionsRegisterAgainAfterThisNodePaused() {
        assertThat(resyncsAfter(new NodePaused(2_000_000_000L))).containsExactly(ALL);
    }

    @Test
    void eventsAtTheSameTimeLeadToOneRegistration() {
        assertThat(resyncsAfter(
                        new NodeLost(NODE, Set.of("room")),
                        new NodeBack(NODE, Set.of("room")),
                        new NodeLost(OTHER, Set.of("room"))))
                .containsExactly(Set.of(NODE.toString(), OTHER.toString()));
        assertThat(resyncsAfter(new NodeLost(NODE, Set.of("room")), new NodePaused(2_000_000_000L)))
                .containsExactly(ALL);
        assertThat(resyncsAfter(new NodeLost(OTHER, Set.of("room"))))
                .as("the events before it are forgotten")
                .containsExactly(Set.of(OTHER.toString()));
    }

    @Test
    void nodesWithoutRoomsAndFencesConcernNoSession() {
        assertThat(resyncsAfter(
                        new NodeLost(NODE, Set.of("media")),
                        new NodeBack(NODE, Set.of("gateway")),
                        new FenceChanged(true)))
                .isEmpty();
    }

    private List<Set<String>> resyncsAfter(WatchEvent... events) {
        for (WatchEvent event : events) {
            publish(event);
        }
        return resyncs();
    }

    private void publish(WatchEvent event) {
        testKit.system().eventStream().tell(new EventStream.Publish<>(event));
    }

    /** Waits until no more registrations come, and returns them. */
    private List<Set<String>> resyncs() {
        List<Set<String>> all = new ArrayList<>();
        while (true) {
            try {
                all.add(resyncs.receiveMessage(LONGER_THAN_IT_GATHERS));
            } catch (AssertionError nothing) {
                return all;
            }
        }
    }
}
