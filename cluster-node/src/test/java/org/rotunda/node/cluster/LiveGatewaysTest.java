package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;

/** Tests the number of gateways on real clusters of small actor systems. */
class LiveGatewaysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ActorTestKit> nodes = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final ActorTestKit own = start("gateway", "room");

    @BeforeEach
    void watch() {
        own.spawn(LiveGateways.create(count));
    }

    @AfterEach
    void stop() {
        nodes.forEach(ActorTestKit::shutdownTestKit);
    }

    private ActorTestKit start(String... roles) {
        ActorTestKit node = ActorTestKit.create(
                "gateways",
                ConfigFactory.parseString("""
                    pekko {
                      actor.provider = cluster
                      cluster.roles = [%s]
                      cluster.jmx.multi-mbeans-in-same-jvm = on
                      remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                      fail-mixed-versions = off
                    }
                    """.formatted(String.join(",", roles)))
                        .withFallback(ConfigFactory.load()));
        nodes.add(node);
        Cluster cluster = Cluster.get(node.system());
        cluster.manager()
                .tell(Join.create(
                        Cluster.get(nodes.get(0).system()).selfMember().address()));
        return node;
    }

    private static NodeId idOf(ActorTestKit node) {
        return NodeId.of(Cluster.get(node.system()).selfMember().uniqueAddress());
    }

    private void awaitCount(int gateways) {
        own.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(count).hasValue(gateways);
            return null;
        });
    }

    /** Publishes the event until the count changes, because the actor subscribes only after a delay. */
    private void publishUntil(WatchEvent event, int gateways) {
        own.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            own.system().eventStream().tell(new EventStream.Publish<>(event));
            assertThat(count).hasValue(gateways);
            return null;
        });
    }

    @Test
    void countsTheGatewaysAmongTheMembers() {
        awaitCount(1);
        ActorTestKit second = start("gateway");
        start("media");
        awaitCount(2);
        ActorTestKit third = start("gateway", "room", "media");
        awaitCount(3);

        // A lost gateway counts no more, long before the cluster removes it.
        publishUntil(new NodeLost(idOf(third), Set.of("gateway", "room", "media")), 2);
        publishUntil(new NodeBack(idOf(third), Set.of("gateway", "room", "media")), 3);

        Cluster leaving = Cluster.get(second.system());
        leaving.manager().tell(Leave.create(leaving.selfMember().address()));
        awaitCount(2);
    }

    @Test
    void theLossOfAnotherKindOfNodeChangesNothing() {
        ActorTestKit media = start("media");
        ActorTestKit gateway = start("gateway");
        awaitCount(2);

        own.system().eventStream().tell(new EventStream.Publish<>(new NodeLost(idOf(media), Set.of("media"))));
        publishUntil(new NodeLost(idOf(gateway), Set.of("gateway")), 1);
        publishUntil(new NodeBack(idOf(gateway), Set.of("gateway")), 2);
    }
}
