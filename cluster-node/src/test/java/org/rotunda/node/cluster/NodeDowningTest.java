package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.cluster.LoopbackCluster.await;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.UniqueAddress;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.junit.jupiter.api.Test;

/** Tests the downing of nodes without rooms, in clusters of real actor systems over loopback. */
class NodeDowningTest {
    private static final String NEVER = "1h";

    @Test
    void aMediaNodeWithoutAReachableRoomNodeDownsItselfAndNobodyElse() throws Exception {
        try (LoopbackCluster cluster = LoopbackCluster.form("1s", List.of("room", "media", "media"))) {
            cluster.kill(0);

            await(() -> isDowned(cluster, 1) && isDowned(cluster, 2));
            assertThat(cluster.members(1))
                    .filteredOn(member -> member.hasRole("room"))
                    .allMatch(member -> member.status() == MemberStatus.up());
        }
    }

    @Test
    void aMediaNodeStaysWhileOneRoomNodeIsReachable() throws Exception {
        try (LoopbackCluster cluster = LoopbackCluster.form("1s", List.of("room", "room", "room", "media"))) {
            cluster.kill(0);

            await(() -> cluster.members(3).size() == 3); // The two other room nodes have removed the lost one.
            assertThat(isDowned(cluster, 3)).isFalse();
            assertThat(cluster.members(3)).allMatch(member -> member.status() == MemberStatus.up());
        }
    }

    @Test
    void aQuarantinedMediaNodeDownsItself() throws Exception {
        try (LoopbackCluster cluster = LoopbackCluster.form(NEVER, List.of("room", "media"))) {
            cluster.system(1)
                    .classicSystem()
                    .eventStream()
                    .publish(new ThisActorSystemQuarantinedEvent(address(cluster, 1), address(cluster, 0)));

            await(() -> isDowned(cluster, 1));
        }
    }

    private static UniqueAddress address(LoopbackCluster cluster, int node) {
        Member member = Cluster.get(cluster.system(node)).selfMember();
        Address address = member.address();
        return new UniqueAddress(address, member.uniqueAddress().longUid());
    }

    private static boolean isDowned(LoopbackCluster cluster, int node) {
        return Cluster.get(cluster.system(node)).isTerminated();
    }
}
