package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodesReported;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;
import org.rotunda.room.placement.MediaNodeLoad;

/** Tests watches in real actor systems in a real cluster. Only the clocks are simulated. */
class NodeWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final WatchSettings SETTINGS = new WatchSettings(Duration.ofMillis(100), Duration.ofSeconds(1));

    /** Settings with which beats find no loss in the time of a test. */
    private static final WatchSettings PATIENT = new WatchSettings(Duration.ofMillis(100), Duration.ofHours(1));

    private static final int LARGE_MESSAGES = 40;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.actors.shutdownTestKit());
    }

    @Test
    void noticesThatANodeAndItsMediaNodeAreGone() {
        Node room = new Node("room");
        Node media = new Node("media").joins(room);
        media.carries("media-1", () -> true);
        assertThat(room.fishes(MediaNodeHeard.class).mediaNode()).isEqualTo("media-1");

        media.actors.system().terminate(); // The node stops without leaving the cluster.
        long endNanos = System.nanoTime();

        List<WatchEvent> found = List.of(room.fishes(WatchEvent.class), room.fishes(WatchEvent.class));
        assertThat(found)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                NodeLost.class, lost -> assertThat(lost.node()).isEqualTo(media.id())));
        assertThat(found).contains(new MediaNodeSilent("media-1"));
        assertThat(Duration.ofNanos(System.nanoTime() - endNanos)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aMediaNodeWhoseLoopsHangIsSilentWhileItsProcessLives() {
        Node room = new Node("room");
        Node media = new Node("media").joins(room);
        AtomicBoolean isRunning = new AtomicBoolean(true);
        media.carries("media-1", isRunning::get);
        room.fishes(MediaNodeHeard.class);

        isRunning.set(false);
        assertThat(room.fishes(WatchEvent.class)).isEqualTo(new MediaNodeSilent("media-1"));

        isRunning.set(true);
        assertThat(room.fishes(WatchEvent.class)).isEqualTo(new MediaNodeHeard("media-1"));
        assertThat(room.statistics.nodesLost()).isZero();
    }

    @Test
    void aNodeThatSleptIsHeldUntilTheOthersAnswer() {
        Node first = new Node("room");
        Node second = new Node("room").joins(first);
        new Node("room").joins(first);
        second.awaits(2);

        second.sleptNanos.addAndGet(Duration.ofSeconds(60).toNanos());

        assertThat(second.fence.isHeld()).isTrue(); // The watch has not noticed the pause yet.
        assertThat(second.fishes(NodePaused.class).lateNanos())
                .isGreaterThan(Duration.ofSeconds(50).toNanos());
        assertThat(second.fishes(FenceChanged.class).held()).isTrue();
        assertThat(second.fishes(FenceChanged.class).held()).isFalse();
    }

    @Test
    void aProcessWhoseLifelineBreaksAndIsRefusedIsLostAtOnce() throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Node room = new Node("room", PATIENT, OptionalInt.of(1));
        Node media = new Node("media", PATIENT, OptionalInt.of(listener.getLocalPort())).joins(room);
        media.carries("media-1", () -> true);
        room.fishes(MediaNodeHeard.class);
        room.awaitsLifelines(1);

        media.actors.system().terminate(); // The node stops without leaving the cluster.
        listener.close(); // The kernel closes the sockets of a process in the same way when the process ends.

        assertThat(room.fishes(NodeLost.class).node()).isEqualTo(media.id());
        assertThat(room.fishes(WatchEvent.class)).isEqualTo(new MediaNodeSilent("media-1"));
        assertThat(room.statistics.nodesEnded()).isEqualTo(1);
    }

    @Test
    void aProcessWhoseLifelineBreaksButIsNotRefusedIsNotLost() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Node room = new Node("room", PATIENT, OptionalInt.of(1));
            Node media = new Node("media", PATIENT, OptionalInt.of(listener.getLocalPort())).joins(room);
            media.carries("media-1", () -> true);
            room.fishes(MediaNodeHeard.class);

            listener.accept().close();
            Socket again = listener.accept(); // The room node has connected once more.
            room.awaitsLifelines(1);
            again.close();
            listener.accept().close();

            assertThat(room.statistics.nodesEnded()).isZero();
            assertThat(room.statistics.nodesLost()).isZero();
        }
    }

    /** Beats and large session descriptions share the connections between nodes. */
    @Test
    void beatsPassBesideLargeMessages() {
        Node room = new Node("room");
        Node media = new Node("media").joins(room);
        media.awaits(1);
        room.awaits(1);
        TestProbe<String> large = room.actors.createTestProbe();
        ActorRef<String> there = media.remote(large.getRef(), room);

        String megabyte = "x".repeat(1_000_000);
        for (int i = 0; i < LARGE_MESSAGES; i++) {
            there.tell(megabyte);
        }
        for (int i = 0; i < LARGE_MESSAGES; i++) {
            large.receiveMessage(PATIENCE);
        }

        assertThat(room.statistics.nodesLost()).isZero();
        assertThat(media.statistics.nodesLost()).isZero();
    }

    private final class Node {
        final AtomicLong sleptNanos = new AtomicLong();
        final WatchStatistics statistics = new WatchStatistics();
        final ActorTestKit actors;
        final TestProbe<WatchEvent> events;
        final NodeFence fence;
        final ActorRef<NodeWatch.Command> watch;

        Node(String role) {
            this(role, SETTINGS, OptionalInt.empty());
        }

        Node(String role, WatchSettings settings, OptionalInt lifelinePort) {
            Config config = ConfigFactory.parseString("""
                    pekko.actor.provider = cluster
                    pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
                    pekko.remote.artery.advanced { maximum-frame-size = 2 MiB, buffer-pool-size = 16 }
                    pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                    pekko.actor.serializers.rotunda-wire = "org.rotunda.room.serialization.WireSerializer"
                    pekko.actor.serialization-bindings { "org.rotunda.room.nodewatch.Beat" = rotunda-wire }
                    """).withFallback(ConfigFactory.load());
            config = ConfigFactory.parseString("pekko.cluster.roles = [" + role + "]")
                    .withFallback(config);
            actors = ActorTestKit.create("rotunda", config);
            events = actors.createTestProbe();
            actors.system().eventStream().tell(new EventStream.Subscribe<>(WatchEvent.class, events.getRef()));
            fence = NodeWatch.fence(settings, this::nanoTime);
            watch = NodeWatch.start(actors.system(), "room", settings, fence, statistics, lifelinePort, this::nanoTime);
            nodes.add(this);
            if (nodes.size() == 1) {
                joins(this);
            }
        }

        Node joins(Node seed) {
            Cluster cluster = Cluster.get(actors.system());
            cluster.manager()
                    .tell(Join.create(
                            Cluster.get(seed.actors.system()).selfMember().address()));
            return this;
        }

        ActorRef<String> remote(ActorRef<String> ref, Node other) {
            String path = ActorRefResolver.get(other.actors.system()).toSerializationFormat(ref);
            return ActorRefResolver.get(actors.system()).resolveActorRef(path);
        }

        long nanoTime() {
            return System.nanoTime() + sleptNanos.get();
        }

        NodeId id() {
            var self = Cluster.get(actors.system()).selfMember().uniqueAddress();
            return NodeId.of(self.address(), self.longUid());
        }

        void carries(String mediaNode, BooleanSupplier loopsTicked) {
            watch.tell(new NodeWatch.WatchMediaNode(
                    mediaNode,
                    loopsTicked,
                    () -> new MediaNodeLoad(mediaNode, 0, false, 0),
                    actors.spawn(Behaviors.empty())));
        }

        /** Returns the next event of this kind, and skips the events before it. */
        <T extends WatchEvent> T fishes(Class<T> kind) {
            return kind.cast(events.fishForMessage(
                            PATIENCE,
                            event -> kind.isInstance(event)
                                            && (kind == FenceChanged.class || !(event instanceof FenceChanged))
                                            && !(event instanceof MediaNodesReported)
                                    ? FishingOutcomes.complete()
                                    : FishingOutcomes.continueAndIgnore())
                    .get(0));
        }

        void awaitsLifelines(int count) {
            events.awaitAssert(PATIENCE, () -> {
                assertThat(statistics.lifelines()).isEqualTo(count);
                return null;
            });
        }

        /** Waits until the node hears this number of other nodes and its fence is released. */
        void awaits(int peers) {
            events.awaitAssert(PATIENCE, () -> {
                assertThat(statistics.peers()).isEqualTo(peers);
                assertThat(fence.isHeld()).isFalse();
                return null;
            });
        }
    }
}
