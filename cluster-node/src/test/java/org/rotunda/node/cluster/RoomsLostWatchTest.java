package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
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
    private static final Duration LONGER_THAN_IT_GATHERS = Duration.ofMillis(500);

    private final ActorTestKit testKit = ActorTestKit.create(
            ConfigFactory.parseString("pekko.fail-mixed-versions = off")); // MixedVersionsTest checks the versions.
    private final TestProbe<Duration> resyncs = testKit.createTestProbe();

    @BeforeEach
    void start() {
        testKit.spawn(RoomsLostWatch.create(over -> resyncs.getRef().tell(over)));
        do { // The watch subscribes only after a delay, so the test publishes events until one event arrives.
            publish(new NodePaused(1));
        } while (resyncs() == 0);
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void sessionsRegisterAgainWhenTheirRoomsMayNoLongerKnowThem() {
        for (WatchEvent event : List.of(
                new NodeLost(NODE, Set.of("room")),
                new NodeBack(NODE, Set.of("gateway", "room")),
                new NodePaused(2_000_000_000L))) {
            assertThat(resyncsAfter(event)).as(event.toString()).isEqualTo(1);
        }
    }

    @Test
    void eventsAtTheSameTimeLeadToOneRegistration() {
        assertThat(resyncsAfter(
                        new NodeLost(NODE, Set.of("room")),
                        new NodePaused(2_000_000_000L),
                        new NodeBack(NODE, Set.of("room"))))
                .isEqualTo(1);
    }

    @Test
    void nodesWithoutRoomsAndFencesConcernNoSession() {
        assertThat(resyncsAfter(
                        new NodeLost(NODE, Set.of("media")),
                        new NodeBack(NODE, Set.of("gateway")),
                        new FenceChanged(true)))
                .isZero();
    }

    private int resyncsAfter(WatchEvent... events) {
        for (WatchEvent event : events) {
            publish(event);
        }
        return resyncs();
    }

    private void publish(WatchEvent event) {
        testKit.system().eventStream().tell(new EventStream.Publish<>(event));
    }

    /** Waits until no more registrations come, and returns their number. */
    private int resyncs() {
        int count = 0;
        while (hasResync()) {
            count++;
        }
        return count;
    }

    private boolean hasResync() {
        try {
            resyncs.receiveMessage(LONGER_THAN_IT_GATHERS);
            return true;
        } catch (AssertionError nothing) {
            return false;
        }
    }
}
