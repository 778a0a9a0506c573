package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RARP;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * A cluster of real actor systems over loopback, with the settings of a node and without its parts. The actor systems
 * end without leaving the cluster, as killed processes do.
 */
final class LoopbackCluster implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final String ALL_ROLES = "gateway, room, media";

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    /**
     * Forms a cluster in which each node has these roles.
     *
     * @param stableAfter the time after which the split-brain resolver decides
     * @param roles for each node its roles, separated by commas
     */
    static LoopbackCluster form(String stableAfter, List<String> roles) throws Exception {
        LoopbackCluster cluster = new LoopbackCluster();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < roles.size()) {
            ports.add(freePort());
        }
        Collections.sort(ports); // The first node has the lowest address, so it is the leader.
        int seed = 0; // A node without a database cannot form the cluster.
        while (!roles.get(seed).contains("room")) {
            seed++;
        }
        List<CompletableFuture<?>> joined = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            Config config = NodeConfiguration.dev(keys(stableAfter, roles.get(i), ports.get(i), ports.get(seed)));
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotunda", config);
            cluster.systems.add(system);
            joined.add(ClusterFormation.join(
                            system,
                            NodeSettings.from(config.getConfig("rotunda")).cluster(),
                            FormingRight.ALWAYS)
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(joined.toArray(CompletableFuture[]::new)).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        await(() -> cluster.systems.stream()
                .allMatch(system -> members(system).stream()
                                .filter(member -> member.status() == MemberStatus.up())
                                .count()
                        == roles.size()));
        return cluster;
    }

    /** Forms a cluster of three nodes with all roles, in which the split-brain resolver never decides. */
    static LoopbackCluster formThree() throws Exception {
        return form("1h", List.of(ALL_ROLES, ALL_ROLES, ALL_ROLES));
    }

    private static Map<String, String> keys(String stableAfter, String roles, int port, int seed) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "rotunda.node.roles",
                "[" + roles + "]",
                "rotunda.cluster.port",
                Integer.toString(port),
                "rotunda.cluster.seeds",
                "[\"127.0.0.1:" + seed + "\"]",
                "rotunda.db.url",
                "\"jdbc:postgresql://127.0.0.1:1/none\"", // The tests open no database.
                "pekko.cluster.split-brain-resolver.stable-after",
                stableAfter));
        keys.put(
                "pekko.coordinated-shutdown.run-by-actor-system-terminate",
                "off"); // With this setting the actor system ends without leaving the cluster.
        keys.put("pekko.coordinated-shutdown.terminate-actor-system", "off");
        keys.put("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");
        keys.put("pekko.remote.artery.advanced.test-mode", "on"); // Makes it possible to break links.
        return keys;
    }

    ActorSystem<Void> system(int node) {
        return systems.get(node);
    }

    List<ActorSystem<Void>> systems() {
        return List.copyOf(systems);
    }

    /** Returns the state of the cluster as a node sees it. */
    CurrentClusterState state(int node) {
        return Cluster.get(systems.get(node)).state();
    }

    /** Returns the members that a node sees. */
    List<Member> members(int node) {
        return members(systems.get(node));
    }

    private static List<Member> members(ActorSystem<?> system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                .toList();
    }

    /** Ends the actor system of a node as if its process was killed. */
    void kill(int node) {
        systems.get(node).terminate();
        systems.get(node).getWhenTerminated().toCompletableFuture().join();
    }

    /** Makes each of two nodes drop all messages to and from the other. */
    void breakLink(int one, int other) throws ReflectiveOperationException {
        drop(one, other);
        drop(other, one);
    }

    @SuppressWarnings("deprecation") // Pekko still breaks links with these messages in its own tests.
    private void drop(int node, int other) throws ReflectiveOperationException {
        // Java has no name for an object of Scala inside another object.
        Object both = Class.forName(ThrottlerTransportAdapter.class.getName() + "$Direction$Both$")
                .getField("MODULE$")
                .get(null);
        Object command = new ThrottlerTransportAdapter.SetThrottle(
                Cluster.get(systems.get(other)).selfMember().address(),
                (ThrottlerTransportAdapter.Direction) both,
                ThrottlerTransportAdapter.Blackhole$.MODULE$);
        RARP remoting = (RARP) RARP.apply(systems.get(node).classicSystem());
        Future<Object> done = remoting.provider().transport().managementCommand(command);
        FutureConverters.asJava(done).toCompletableFuture().join();
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(
                system -> system.getWhenTerminated().toCompletableFuture().join());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
