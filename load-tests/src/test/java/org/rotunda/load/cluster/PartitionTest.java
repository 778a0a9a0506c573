package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.CallWatch;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.ChromiumExtension;
import org.rotunda.load.browser.GroupCall;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * Tests a cluster from which one room node is cut off for half a minute. The other nodes take over its rooms. The node
 * that is cut off must make no more decisions for these rooms, even if it still reaches the database.
 */
@Tag("browser")
@Tag("long")
@ExtendWith(ChromiumExtension.class)
class PartitionTest {
    private static final Duration CUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /**
     * The longest time from the cut until all rooms of the node answer again. The node counts as lost after 10 s; the
     * rest is a reserve for busy machines.
     */
    private static final Duration TAKEN_OVER_MAX = Duration.ofSeconds(20);

    // The maximum number of rooms that the test creates until ON_ISLAND of them are on the island. About a third of all
    // rooms should be on the island.
    private static final int ROOMS_MAX = 80;
    private static final int ON_ISLAND = 5;
    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    /**
     * The times after the cut at which the test asks the node on the island to complete one of its rooms. An earlier
     * request could succeed, because the node may not have noticed the cut yet.
     */
    private static final List<Integer> ASKED_AFTER_SECONDS = List.of(4, 7, 10, 16);

    private final List<String> onIsland = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private final ScheduledExecutorService backend = Executors.newScheduledThreadPool(ASKED_AFTER_SECONDS.size());
    private @Nullable Island island;
    private @Nullable ClusterRig rig;

    @AfterEach
    void end() {
        backend.shutdownNow();
        if (rig != null) {
            rig.close();
        }
        if (island != null) {
            island.close();
        }
    }

    @ParameterizedTest(name = "keepsDatabase={0}")
    @ValueSource(booleans = {false, true})
    void aCutOffRoomNodeDecidesNothing(boolean keepsDatabase, Chromium chromium) throws Exception {
        assumeTrue(Island.isPossible(), "needs root and ip(8), to make network namespaces");
        Island cutOff = Island.create();
        island = cutOff;
        ClusterRig cluster = new ClusterRig.Plan("partition-" + (keepsDatabase ? "with" : "without") + "-database")
                .others(cutOff.mainland())
                .at("island", cutOff.place(keepsDatabase))
                .node("gateway-1", "gateway", "room")
                .node("room-1", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .node("island", "gateway", "room")
                .start(chromium);
        rig = cluster;
        cluster.supervise();
        createRooms(cluster);
        GroupCall call = callOnIsland(cluster);
        CallWatch watch = CallWatch.begin(call);
        watch.assertMessagesPass();
        watch.mark();

        double takenOverSeconds;
        List<CallWatch.Gap> pauses;
        try (Owners owners = Owners.watch(cluster.roomNodes(), all.size())) {
            long cutAt = System.nanoTime();
            cutOff.cut();
            List<Future<Boolean>> decided = askTheIslandToDecide(cluster.restOf("island"));
            awaitTakenOver(cluster.restOf("gateway-1"));
            takenOverSeconds = (System.nanoTime() - cutAt) / 1e9;
            watch.assertMessagesPass();
            Await.until("the cut to last", CUT.multipliedBy(2), () -> System.nanoTime() - cutAt > CUT.toNanos());
            watch.assertMessagesPass();
            watch.awaitFramesFromNow(CallPage.PATIENCE);
            pauses = watch.gaps();
            assertNothingWasDecided(decided);

            cutOff.heal();
            Convergence convergence = new Convergence(cluster, all);
            Duration converged = convergence.await(PATIENCE);
            System.out.printf(
                    "partition, database %s: %d of %d rooms answered elsewhere after %.1f s, longest pause of video %s"
                            + " ms, converged %.1f s after the heal (last: %s), started again %d times; %s%n",
                    keepsDatabase ? "kept" : "lost",
                    onIsland.size(),
                    all.size(),
                    takenOverSeconds,
                    CallWatch.summary(pauses, CallWatch.Gap::milliseconds),
                    converged.toMillis() / 1e3,
                    convergence.last(),
                    cluster.node("island").startsBySupervision(),
                    owners);
            assertThat(owners.splits()).isEmpty();
        }
        watch.awaitFramesFromNow(CallPage.PATIENCE);
        watch.assertMessagesPass();
        watch.assertNothingChanged();
        RoomJournal journal = new RoomJournal(cluster.postgres());
        assertThat(all)
                .allSatisfy(room -> assertThat(journal.isOneAfterTheOther(room))
                        .as(() -> room + " " + journal.owners(room))
                        .isTrue());
        assertThat(takenOverSeconds).isLessThanOrEqualTo((double) TAKEN_OVER_MAX.toSeconds());
    }

    /** Creates rooms until enough of them are on the island. */
    private void createRooms(ClusterRig cluster) {
        while (onIsland.size() < ON_ISLAND) {
            assertThat(all).as("rooms, few of which are on the island").hasSizeLessThan(ROOMS_MAX);
            double before = roomsOnIsland(cluster);
            String room = cluster.restOf("gateway-1")
                    .createRoom(cluster.freshRoom(), Map.of())
                    .get("sid")
                    .asText();
            all.add(room);
            Await.until(
                    "every room to be counted", CallPage.PATIENCE, () -> cluster.sum("rotunda_rooms") == all.size());
            if (roomsOnIsland(cluster) > before) {
                onIsland.add(room);
            }
        }
    }

    private static double roomsOnIsland(ClusterRig cluster) {
        return cluster.node("island").metrics().sum("rotunda_rooms");
    }

    /**
     * Starts a call whose room is on the island. The pages use {@code gateway-1}, which is outside the island, as are
     * both media nodes.
     */
    private GroupCall callOnIsland(ClusterRig cluster) {
        List<CallPage> pages = List.of(cluster.page("alice", "gateway-1"), cluster.page("bob", "gateway-1"));
        pages.forEach(CallWatch::prepare);
        GroupCall call = GroupCall.join(
                pages, onIsland.get(onIsland.size() - 1), 320, 180, 15, Map.of("preferredVideoCodecs", "auto"));
        call.awaitFlowing();
        return call;
    }

    /**
     * Schedules one request to the node on the island at each time in {@link #ASKED_AFTER_SECONDS}. Each request asks
     * the node to complete one of its rooms. No two requests name the same room, and none names the room of the call.
     * Each result tells whether the node acknowledged the request.
     */
    private List<Future<Boolean>> askTheIslandToDecide(Rest rest) {
        List<Future<Boolean>> decided = new ArrayList<>();
        for (int i = 0; i < ASKED_AFTER_SECONDS.size(); i++) {
            String room = onIsland.get(i);
            decided.add(
                    backend.schedule(() -> isAcknowledged(rest, room), ASKED_AFTER_SECONDS.get(i), TimeUnit.SECONDS));
        }
        return decided;
    }

    private static boolean isAcknowledged(Rest rest, String room) {
        try {
            Rest.Answer answer = rest.tryCompleteRoom(room);
            System.out.println("cut off, asked to complete a room: " + answer.status() + " " + answer.body());
            return answer.status() == ACCEPTED;
        } catch (UncheckedIOException unanswered) {
            System.out.println("cut off, asked to complete a room: " + unanswered.getMessage());
            return false;
        }
    }

    private static void assertNothingWasDecided(List<Future<Boolean>> decided)
            throws InterruptedException, ExecutionException {
        for (Future<Boolean> one : decided) {
            assertThat(one.get()).as("a decision of the node that is cut off").isFalse();
        }
    }

    private void awaitTakenOver(Rest rest) {
        for (String room : onIsland) {
            Await.until("an answer of " + room, PATIENCE, () -> {
                try {
                    Rest.Answer answer = rest.tryRoom(room);
                    return answer.status() == OK
                            && answer.body().path("status").asText().equals("in-progress");
                } catch (UncheckedIOException silent) {
                    return false; // The request is repeated until the deadline.
                }
            });
        }
    }
}
