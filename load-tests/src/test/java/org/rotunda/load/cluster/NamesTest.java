package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;
import org.rotunda.load.testkit.Rest.Answer;

/**
 * Tests that a name has at most one room in progress, for any number of clients at any gateway, even while room nodes
 * are killed.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesTest {
    private static final int RACERS = 50;
    private static final int KILLS = 5;
    private static final int BUSY = 503;
    private static final int CREATED = 201;
    private static final Duration BUSY_MAX = Duration.ofSeconds(30);
    private static final int REFUSED = 400;
    /** The error code "Room exists" of the public API. */
    private static final int ROOM_EXISTS = 53113;

    private final ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    private ClusterRig rig;

    /**
     * Starts two gateways that also run rooms, and two nodes that only run rooms. The test kills only the last two
     * nodes, one at a time, so the cluster keeps its majority.
     */
    @BeforeAll
    void start() {
        rig = new ClusterRig.Plan("names")
                .node("gateway-1", "gateway", "room", "media")
                .node("gateway-2", "gateway", "room")
                .node("room-1", "room")
                .node("room-2", "room")
                .start();
    }

    @AfterAll
    void end() {
        threads.shutdownNow();
        rig.close();
    }

    @Test
    void exactlyOneOfFiftyConcurrentCreatesOfANameSucceeds() throws Exception {
        String name = rig.freshRoom();
        List<Callable<Answer>> creates = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            Rest rest = rig.restOf(gateway(i));
            creates.add(() -> rest.tryCreateRoom(name));
        }

        List<Answer> answers = race(creates);

        assertThat(answers).filteredOn(answer -> answer.status() == CREATED).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != CREATED)
                .hasSize(RACERS - 1)
                .allSatisfy(answer -> {
                    assertThat(answer.status()).as(answer.toString()).isEqualTo(REFUSED);
                    assertThat(answer.code()).as(answer.toString()).isEqualTo(ROOM_EXISTS);
                });
    }

    @Test
    void adHocConnectsThatRaceACreateLandInOneRoom() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = rig.freshRoom();
            Rest rest = rig.restOf(gateway(round));
            Future<Answer> create = threads.submit(() -> rest.tryCreateRoom(name));
            List<Callable<SignalingBot>> joins = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String gateway = gateway(i);
                String identity = "bot-" + i;
                joins.add(() -> SignalingBot.join(rig.address(gateway), identity, name));
            }

            List<SignalingBot> bots = race(joins);

            try {
                Answer created = create.get();
                String room = rest.room(name).get("sid").asText();
                assertThat(bots).extracting(SignalingBot::room).containsOnly(room);
                if (created.status() == CREATED) {
                    assertThat(created.body().get("sid").asText()).isEqualTo(room);
                } else {
                    assertThat(created.code()).as(created.toString()).isEqualTo(ROOM_EXISTS);
                }
                for (String gateway : List.of("gateway-1", "gateway-2")) {
                    assertThat(rig.restOf(gateway).participants(room)).hasSize(bots.size());
                }
            } finally {
                bots.forEach(SignalingBot::close);
            }
        }
    }

    @Test
    void noNameStaysBlockedWhenRoomNodesAreKilled() throws Exception {
        NameChurn churn = new NameChurn(List.of(rig.restOf("gateway-1"), rig.restOf("gateway-2")), threads);
        churn.begin();
        for (int kill = 0; kill < KILLS; kill++) {
            NodeProcess victim = rig.node(kill % 2 == 0 ? "room-1" : "room-2");
            int before = kill * NameChurn.OPERATIONS / KILLS;
            churn.allow(NameChurn.OPERATIONS / KILLS);
            churn.awaitDone(before + NameChurn.OPERATIONS / KILLS / 4);
            victim.kill();
            churn.awaitDone(before + NameChurn.OPERATIONS / KILLS / 2);
            victim.start().awaitReady(ClusterRig.START);
        }
        churn.end();
        rig.awaitAllReady();

        for (int i = 0; i < churn.names().size(); i++) {
            assertThat(createdUnlessBusy(rig.restOf(gateway(i)), churn.names().get(i)))
                    .extracting(Answer::status)
                    .as(churn.names().get(i))
                    .isEqualTo(CREATED);
        }

        System.out.printf("names: %s, %d kills%n", churn, KILLS);
    }

    /**
     * Creates a room, and repeats the request while the answer is "busy". A node without CPU time gives this answer,
     * and the name stays free.
     */
    private static Answer createdUnlessBusy(Rest rest, String name) {
        AtomicReference<@Nullable Answer> last = new AtomicReference<>();
        Await.until(() -> name + ": " + last, BUSY_MAX, () -> {
            Answer answer = rest.tryCreateRoom(name);
            last.set(answer);
            return answer.status() != BUSY;
        });
        return Objects.requireNonNull(last.get());
    }

    private static String gateway(int i) {
        return i % 2 == 0 ? "gateway-1" : "gateway-2";
    }

    /** Runs all tasks at the same time, each on a thread of its own. */
    private <T> List<T> race(List<Callable<T>> racers) throws InterruptedException, ExecutionException {
        CountDownLatch ready = new CountDownLatch(racers.size());
        List<Future<T>> running = new ArrayList<>();
        for (Callable<T> racer : racers) {
            running.add(threads.submit(() -> {
                ready.countDown();
                ready.await();
                return racer.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            results.add(one.get());
        }
        return results;
    }
}
