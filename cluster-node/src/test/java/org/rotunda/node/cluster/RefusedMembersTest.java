package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.cluster.LoopbackCluster.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.junit.jupiter.api.Test;
import org.rotunda.room.RoomSystem;

/**
 * Tests lost members in clusters of real actor systems over loopback. The split-brain resolver waits an hour, so it
 * never acts in these tests.
 */
class RefusedMembersTest {
    private static final Executor BLOCKING = ForkJoinPool.commonPool();

    @Test
    void aMemberWhoseProcessEndedIsDownedAtOnce() throws Exception {
        try (LoopbackCluster cluster = formThree(RefusedMembers.create(RoomSystem.ROLE, BLOCKING))) {
            cluster.kill(2);

            await(() -> cluster.members(0).size() == 2 && cluster.members(1).size() == 2);
        }
    }

    @Test
    void aMemberThatIsOnlySilentIsLeftToTheResolver() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        try (LoopbackCluster cluster = formThree(address -> {
            probes.incrementAndGet();
            return CompletableFuture.completedFuture(false); // The kernel accepts connections to a paused process.
        })) {
            cluster.kill(2);

            await(() -> probes.get() > 20);
            assertThat(cluster.members(0).size()).isEqualTo(3);
            assertThat(cluster.state(0).getUnreachable()).hasSize(1);
        }
    }

    @Test
    void refusalsThatAreNotInARowDownNobody() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        try (LoopbackCluster cluster =
                formThree(address -> CompletableFuture.completedFuture(probes.incrementAndGet() % 3 != 0))) {
            cluster.kill(2);

            await(() -> probes.get() > 40);
            assertThat(cluster.members(0).size()).isEqualTo(3);
        }
    }

    @Test
    void halfOfTheMembersIsNoMajority() throws Exception {
        try (LoopbackCluster cluster = formThree(RefusedMembers.create(RoomSystem.ROLE, BLOCKING))) {
            cluster.kill(2);
            await(() -> cluster.members(0).size() == 2 && cluster.members(1).size() == 2);

            cluster.kill(1);

            await(() -> !cluster.state(0).getUnreachable().isEmpty());
            AtomicInteger probes = new AtomicInteger();
            cluster.system(0)
                    .systemActorOf(
                            RefusedMembers.probing(RoomSystem.ROLE, address -> {
                                probes.incrementAndGet();
                                return CompletableFuture.completedFuture(true);
                            }),
                            "another",
                            Props.empty());
            await(() -> probes.get() > 20);
            assertThat(cluster.members(0).size()).isEqualTo(2);
        }
    }

    private static LoopbackCluster formThree(Function<Address, CompletionStage<Boolean>> isRefused) throws Exception {
        return formThree(RefusedMembers.probing(RoomSystem.ROLE, isRefused));
    }

    private static LoopbackCluster formThree(Behavior<RefusedMembers.Command> watch) throws Exception {
        LoopbackCluster cluster = LoopbackCluster.formThree();
        cluster.systems().forEach(system -> system.systemActorOf(watch, "refused-members", Props.empty()));
        return cluster;
    }
}
