package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.testkit.Await;

/**
 * Tests clusters whose nodes lose sight of each other. In one test the links hold back messages again and again. In
 * another test rooms and media are cut off from each other. In a third test every node is alone, and in the last test
 * two halves never see each other. There must never be a second cluster. A cluster whose nodes were all downed must
 * form again. Calls must go on.
 */
@Tag("long")
class ClusterLossTest {
    private static final String DOWNED = "counted this one as lost; it starts again";
    private static final Duration UNSTEADY = Duration.ofSeconds(60);
    private static final Duration CUT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The longest allowed time from the downing of the last node to a new cluster. */
    private static final Duration FORMED_MAX = Duration.ofSeconds(25);

    private static final long SEED = 20_261_129;

    private final BotFleet fleet = BotFleet.start(1, SEED);
    private @Nullable ClusterRig rig;
    private @Nullable Island island;

    @AfterEach
    void end() {
        fleet.close();
        if (rig != null) {
            rig.close();
        }
        if (island != null) {
            island.close();
        }
    }

    /**
     * Tests links that hold heartbeats for three or four seconds, and their answers for as long again, so that members
     * look unreachable for moments. Pauses of five seconds can hold an answer for longer than {@code
     * acceptable-heartbeat-pause} and {@code stable-after} together: a media node is then downed, but no room node.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void nobodyIsDownedAndNoCallIsCutWhileLinksAreUnsteadyForAMinute(int pauseSeconds) {
        ClusterRig cluster = started(
                threeRoomNodesAndOneMediaNode("unsteady-" + pauseSeconds).relayed());
        BotCall call = BotCall.join(fleet, cluster, cluster.freshRoom());
        cluster.links().makeUnsteady(Duration.ofSeconds(pauseSeconds), SEED);
        awaitTime(UNSTEADY);
        cluster.links().release();

        report("links unsteady for 60 s with pauses of " + pauseSeconds + " s", cluster, call);
        assertThat(downed(cluster)).isEmpty();
        call.assertNotCut();
        call.awaitFlowing();
        assertSameParticipants(cluster, call);
        assertThat(downed(cluster)).as("also afterwards").isEmpty();
    }

    /** Shows that pauses of four seconds down the cluster with Pekko's defaults; pauses of three seconds do not. */
    @Test
    void theSameLinksDownTheWholeClusterWithPekkosDefaults() {
        ClusterRig cluster = started(threeRoomNodesAndOneMediaNode("unsteady-defaults")
                .relayed()
                .with("pekko.cluster.downing-provider-class", "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider")
                .with("pekko.cluster.split-brain-resolver.down-all-when-unstable", "on")
                .with("pekko.cluster.split-brain-resolver.keep-majority.role", "\"\""));
        cluster.links().makeUnsteady(Duration.ofSeconds(4), SEED);

        Await.until(
                "every room node to be downed",
                UNSTEADY,
                () -> downed(cluster)
                        .containsAll(cluster.roomNodes().stream()
                                .map(NodeProcess::name)
                                .toList()));
    }

    @Test
    void aClusterAllOfWhoseNodesWereDownedFormsAgainWithItsRoomsAndSessions() {
        ClusterRig cluster = started(threeRoomNodesAndOneMediaNode("all-downed")
                .relayed()
                // With a shorter time-out, sessions could end on a busy machine.
                .with("rotunda.rooms.session-timeout", "180s"));
        BotCall call = BotCall.join(fleet, cluster, cluster.freshRoom());
        long resumptions = call.resumptions();
        cluster.links().hold(); // Every node is alone now, and therefore in a minority.
        Await.until(
                "all room nodes to be downed",
                PATIENCE,
                () -> downed(cluster)
                        .containsAll(cluster.roomNodes().stream()
                                .map(NodeProcess::name)
                                .toList()));
        long downedAt = System.nanoTime();
        cluster.links().release();

        Await.until(
                "a new cluster", PATIENCE, () -> cluster.roomNodes().stream().anyMatch(NodeProcess::isReady));
        Duration formed = since(downedAt);
        Convergence convergence = new Convergence(cluster, List.of(call.roomSid()));
        Duration converged = convergence.await(PATIENCE, downedAt);
        Await.until("sessions to be resumed", PATIENCE, () -> call.resumptions() >= resumptions + 3);
        call.awaitFlowing();
        report("all nodes downed", cluster, call);
        System.out.printf(
                "all nodes downed: a new cluster after %.1f s, all nodes and the room after %.1f s (last: %s)%n",
                formed.toMillis() / 1e3, converged.toMillis() / 1e3, convergence.last());
        call.assertNotCut();
        assertSameParticipants(cluster, call);
        assertThat(formed).isLessThanOrEqualTo(FORMED_MAX);
    }

    @Test
    void aCutBetweenRoomsAndMediaStopsNoRoomNodeAndNoCall() {
        assumeTrue(Island.isPossible(), "needs root and ip(8), to make network namespaces");
        Island cutOff = Island.create();
        island = cutOff;
        ClusterRig.Plan plan =
                new ClusterRig.Plan("media-cut").others(cutOff.mainland()).oneByOne();
        for (int i = 1; i <= 3; i++) {
            plan.node("room-" + i, "gateway", "room");
        }
        for (int i = 1; i <= 5; i++) {
            plan.node("media-" + i, "media").at("media-" + i, cutOff.place(false));
        }
        ClusterRig cluster = started(plan);
        List<BotCall> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(BotCall.join(fleet, cluster, cluster.freshRoom()));
        }
        List<Long> pids = cluster.nodes().stream().map(NodeProcess::pid).toList();

        cutOff.cut();
        awaitTime(CUT);
        calls.forEach(call -> report("during the cut", cluster, call));
        cutOff.heal();
        long healedAt = System.nanoTime();
        cluster.awaitConverged();
        Duration converged = since(healedAt);
        calls.forEach(BotCall::awaitFlowing);

        calls.forEach(call -> report("rooms and media cut for 20 s", cluster, call));
        System.out.printf(
                "rooms and media cut for 20 s: converged %.1f s after the heal%n", converged.toMillis() / 1e3);
        assertThat(downed(cluster)).noneMatch(name -> name.startsWith("room"));
        assertThat(cluster.nodes().stream().map(NodeProcess::pid).toList()).isEqualTo(pids);
        for (BotCall call : calls) {
            call.assertNotCut();
            assertSameParticipants(cluster, call);
        }
    }

    /** The seeds of each half contain only nodes of that half. Both halves use the same database. */
    @Test
    void twoHalvesThatSeeOnlyThemselvesAreOneCluster() {
        ClusterRig cluster = new ClusterRig.Plan("two-halves")
                .node("left-1", "gateway", "room")
                .node("left-2", "gateway", "room")
                .node("right-1", "gateway", "room")
                .node("right-2", "gateway", "room")
                .half("left-1", "left-2")
                .half("right-1", "right-2")
                // The half without a cluster must keep trying to form one until the test has killed the other half.
                .with("rotunda.cluster.join-timeout", "10m")
                .launch();
        rig = cluster;
        Await.until("a cluster of two", ClusterRig.START, () -> ready(cluster).size() == 2);
        List<String> first = ready(cluster);
        assertThat(first)
                .as("one half")
                .allMatch(name -> name.startsWith(first.get(0).substring(0, 4)));
        awaitTime(Duration.ofSeconds(30)); // After this time a claim that no node refreshes is stale.
        assertThat(ready(cluster)).isEqualTo(first);

        first.forEach(name -> cluster.node(name).kill());
        long killedAt = System.nanoTime();
        Await.until("the other half", PATIENCE, () -> ready(cluster).size() == 2);

        System.out.printf(
                "two halves: %s formed a cluster, the other half %.1f s after its end%n",
                first, since(killedAt).toMillis() / 1e3);
        assertThat(ready(cluster)).doesNotContainAnyElementsOf(first);
    }

    private static ClusterRig.Plan threeRoomNodesAndOneMediaNode(String test) {
        return new ClusterRig.Plan(test)
                .oneByOne()
                .node("gateway-1", "gateway", "room")
                .node("gateway-2", "gateway", "room")
                .node("gateway-3", "gateway", "room")
                .node("media-1", "media");
    }

    private ClusterRig started(ClusterRig.Plan plan) {
        ClusterRig cluster = plan.start();
        rig = cluster;
        cluster.awaitConverged();
        return cluster;
    }

    /** Returns the names of the nodes that have been downed so far. */
    private static List<String> downed(ClusterRig cluster) {
        return cluster.nodes().stream()
                .filter(node -> !node.isAlive() || node.logLines().stream().anyMatch(line -> line.contains(DOWNED)))
                .map(NodeProcess::name)
                .toList();
    }

    private static List<String> ready(ClusterRig cluster) {
        return cluster.nodes().stream()
                .filter(NodeProcess::isReady)
                .map(NodeProcess::name)
                .toList();
    }

    private static void awaitTime(Duration time) {
        long began = System.nanoTime();
        Await.until("time to pass", time.multipliedBy(2), () -> System.nanoTime() - began > time.toNanos());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static void assertSameParticipants(ClusterRig cluster, BotCall call) {
        for (NodeProcess gateway : cluster.gateways()) {
            List<String> listed = new ArrayList<>();
            for (JsonNode participant : cluster.restOf(gateway.name()).participants(call.roomSid())) {
                listed.add(participant.get("sid").asText());
            }
            assertThat(listed).as(gateway.name()).containsExactlyInAnyOrderElementsOf(call.participantSids());
        }
    }

    private static void report(String what, ClusterRig cluster, BotCall call) {
        System.out.printf(
                "%s: downed %s, longest pause of video %d ms, sessions resumed %d times, transports moved %.0f times%n",
                what, downed(cluster), call.longestPauseMs(), call.resumptions(), cluster.sum("rotunda_moves_total"));
    }
}
