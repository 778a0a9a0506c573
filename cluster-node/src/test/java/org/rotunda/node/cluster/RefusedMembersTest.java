package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;
import org.rotunda.room.RoomSystem;

/**
 * Tests lost members in clusters of real actor systems over loopback. The split-brain resolver waits an hour, so it
 * never acts in these tests.
 */
class RefusedMembersTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Executor BLOCKING = ForkJoinPool.commonPool();

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(
                system -> system.getWhenTerminated().toCompletableFuture().join());
    }

    @Test
    void aMemberWhoseProcessEndedIsDownedAtOnce() throws Exception {
        formThree(RefusedMembers.create(RoomSystem.ROLE, BLOCKING));

        endWithoutLeaving(systems.get(2));

        await(() -> members(systems.get(0)) == 2 && members(systems.get(1)) == 2);
    }

    @Test
    void aMemberThatIsOnlySilentIsLeftToTheResolver() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        formThree(address -> {
            probes.incrementAndGet();
            return CompletableFuture.completedFuture(false); // The kernel accepts connections to a paused process.
        });

        endWithoutLeaving(systems.get(2));

        await(() -> probes.get() > 20);
        assertThat(members(systems.get(0))).isEqualTo(3);
        assertThat(state(0).getUnreachable()).hasSize(1);
    }

    @Test
    void refusalsThatAreNotInARowDownNobody() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        formThree(address -> CompletableFuture.completedFuture(probes.incrementAndGet() % 3 != 0));

        endWithoutLeaving(systems.get(2));

        await(() -> probes.get() > 40);
        assertThat(members(systems.get(0))).isEqualTo(3);
    }

    @Test
    void halfOfTheMembersIsNoMajority() throws Exception {
        formThree(RefusedMembers.create(RoomSystem.ROLE, BLOCKING));
        endWithoutLeaving(systems.get(2));
        await(() -> members(systems.get(0)) == 2 && members(systems.get(1)) == 2);

        endWithoutLeaving(systems.get(1));

        await(() -> !state(0).getUnreachable().isEmpty());
        AtomicInteger probes = new AtomicInteger();
        systems.get(0)
                .systemActorOf(
                        RefusedMembers.probing(RoomSystem.ROLE, address -> {
                            probes.incrementAndGet();
                            return CompletableFuture.completedFuture(true);
                        }),
                        "another",
                        Props.empty());
        await(() -> probes.get() > 20);
        assertThat(members(systems.get(0))).isEqualTo(2);
    }

    private void formThree(Function<Address, CompletionStage<Boolean>> isRefused) throws Exception {
        formThree(RefusedMembers.probing(RoomSystem.ROLE, isRefused));
    }

    private void formThree(Behavior<RefusedMembers.Command> watch) throws Exception {
        List<Integer> ports = List.of(freePort(), freePort(), freePort());
        List<CompletableFuture<?>> joined = new ArrayList<>();
        for (int port : ports) {
            Map<String, String> keys = new HashMap<>(Map.of(
                    "rotunda.cluster.port",
                    Integer.toString(port),
                    "rotunda.cluster.seeds",
                    "[\"127.0.0.1:" + ports.get(0) + "\"]",
                    "rotunda.db.url",
                    "\"jdbc:postgresql://127.0.0.1:1/none\"", // The tests open no database.
                    "pekko.cluster.split-brain-resolver.stable-after",
                    "1h"));
            keys.put(
                    "pekko.coordinated-shutdown.run-by-actor-system-terminate",
                    "off"); // With this setting the actor system ends without leaving the cluster.
            keys.put("pekko.coordinated-shutdown.terminate-actor-system", "off");
            keys.put("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");
            Config config = NodeConfiguration.dev(keys);
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotunda", config);
            systems.add(system);
            system.systemActorOf(watch, "refused-members", Props.empty());
            joined.add(ClusterFormation.join(
                            system,
                            NodeSettings.from(config.getConfig("rotunda")).cluster(),
                            FormingRight.ALWAYS)
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(joined.toArray(CompletableFuture[]::new)).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        await(() -> systems.stream().allMatch(system -> members(system) == 3));
    }

    private static void endWithoutLeaving(ActorSystem<?> system) {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private CurrentClusterState state(int node) {
        return Cluster.get(systems.get(node)).state();
    }

    private static long members(ActorSystem<?> system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .count();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
