package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.cluster.SightOfCluster.addresses;
import static org.rotunda.node.cluster.SightOfCluster.downedBy;
import static org.rotunda.node.cluster.SightOfCluster.downedInTheEndBy;

import java.util.List;
import java.util.Set;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.Reachability;
import org.junit.jupiter.api.Test;

class KeepRoomMajorityTest {

    /** Node 0 is the leader, because its address is the lowest. */
    @Test
    void aMediaNodeWithBadLinksToAllRoomNodesTakesNoneAlong() {
        SightOfCluster cluster = SightOfCluster.of("mrrrm");
        List.of(1, 2, 3).forEach(room -> cluster.breakLink(0, room));

        assertThat(downedBy(cluster.pekkos(0))).containsExactly(0, 1, 2, 3);
        assertThat(downedBy(cluster.ours(0))).containsExactly(0);
        assertThat(downedBy(cluster.ours(4))).containsExactly(0);
    }

    @Test
    void aMediaNodeThatMissesTwoOfThreeRoomNodesIsDownedAlone() {
        SightOfCluster cluster = SightOfCluster.of("mrrr");
        cluster.breakLink(0, 1);
        cluster.breakLink(0, 2);

        assertThat(downedBy(cluster.pekkos(0))).containsExactly(0, 1, 2);
        assertThat(downedBy(cluster.ours(0))).containsExactly(0);
    }

    @Test
    void aMediaNodeThatMissesOneOfThreeRoomNodesStays() {
        SightOfCluster cluster = SightOfCluster.of("mrrr");
        cluster.breakLink(0, 1);

        assertThat(downedInTheEndBy(cluster.ours(0))).isEmpty();
    }

    @Test
    void aRoomNodeThatMissesAllMediaNodesTakesNoneAlong() {
        SightOfCluster cluster = SightOfCluster.of("rrrmmm");
        List.of(3, 4, 5).forEach(media -> cluster.breakLink(0, media));

        assertThat(downedInTheEndBy(cluster.ours(1))).isEmpty();
    }

    @Test
    void oneOfTwoMediaNodesThatMissEachOtherGoesInTheEnd() {
        SightOfCluster cluster = SightOfCluster.of("rrrmm");
        cluster.breakLink(3, 4);

        assertThat(downedInTheEndBy(cluster.ours(0))).containsExactly(4);
    }

    @Test
    void twoRoomNodesThatMissEachOtherHaveTimeToRecover() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.breakLink(0, 1);
        KeepRoomMajority strategy = cluster.ours(2);

        for (int i = 0; i < KeepRoomMajority.UNCHANGED_ROUNDS; i++) {
            assertThat(downedBy(strategy)).isEmpty();
        }
        assertThat(downedBy(strategy)).as("when links are broken for long").containsExactly(1);
    }

    @Test
    void aChangeOfTheBrokenLinksGivesThemTimeAgain() {
        SightOfCluster cluster = SightOfCluster.of("rrrrr");
        cluster.breakLink(0, 1);
        KeepRoomMajority strategy = cluster.ours(2);
        for (int i = 0; i < KeepRoomMajority.UNCHANGED_ROUNDS; i++) {
            downedBy(strategy);
        }
        Reachability another = Reachability.empty()
                .unreachable(SightOfCluster.address(3), SightOfCluster.address(1))
                .unreachable(SightOfCluster.address(1), SightOfCluster.address(3));
        strategy.setReachability(another);

        assertThat(downedBy(strategy)).isEmpty();
    }

    @Test
    void aRoomNodeThatNoOtherRoomNodeSeesIsDownedAtOnce() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.breakLink(0, 1);
        cluster.breakLink(0, 2);

        assertThat(downedBy(cluster.ours(3))).containsExactly(0);
        assertThat(downedBy(cluster.ours(0))).as("also by itself").containsExactly(0);
    }

    @Test
    void noRoomNodeGoesWhileNoneSeesAnother() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.breakLink(0, 1);
        cluster.breakLink(0, 2);
        cluster.breakLink(1, 2);

        assertThat(downedBy(cluster.pekkos(3))).containsExactly(0, 1, 2);
        assertThat(downedInTheEndBy(cluster.ours(3))).isEmpty();
    }

    @Test
    void aDeadRoomNodeIsDownedAtOnceWhileOtherLinksAreBroken() {
        SightOfCluster cluster = SightOfCluster.of("rrrrrm");
        cluster.breakLink(0, 1);
        cluster.kill(4);

        assertThat(downedBy(cluster.ours(5))).containsExactly(4);
    }

    @Test
    void aDeadRoomNodeIsDownedInTheEndIfTheOthersDoNotSeeEachOther() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.breakLink(0, 1);
        cluster.kill(2);

        assertThat(downedInTheEndBy(cluster.ours(3))).containsExactly(2);
    }

    @Test
    void anObservationOfADeadNodeDoesNotCount() {
        SightOfCluster cluster = SightOfCluster.of("rrr");
        cluster.kill(2);
        cluster.remember(2, 1);

        assertThat(downedBy(cluster.pekkos(0))).containsExactly(1, 2);
        assertThat(downedBy(cluster.ours(0))).containsExactly(2);
    }

    @Test
    void anAliveMemberIsNotTakenForSilentWhileNewGossipIsOnItsWay() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.miss(3, 0);
        cluster.miss(3, 1);
        KeepRoomMajority strategy = cluster.ours(2);
        strategy.setSeenBy(addresses(Set.of(2)));

        assertThat(downedBy(strategy)).doesNotContain(0, 1, 2);
    }

    @Test
    void aMemberThatDiesAfterItWasMissedIsSilentSoon() {
        SightOfCluster cluster = SightOfCluster.of("rrrm");
        cluster.breakLink(0, 1);
        KeepRoomMajority strategy = cluster.ours(2);
        strategy.setSeenBy(addresses(Set.of(1, 2, 3)));

        for (int i = 0; i < KeepRoomMajority.HEARD_ROUNDS; i++) {
            assertThat(downedBy(strategy)).isEmpty();
        }
        assertThat(downedBy(strategy)).containsExactly(0);
    }

    @Test
    void ofTwoRoomNodesTheLowerAddressStays() {
        SightOfCluster cluster = SightOfCluster.of("rrm");
        cluster.breakLink(0, 1);

        assertThat(downedBy(cluster.ours(2))).containsExactly(1);
    }

    @Test
    void aClusterWithoutRoomNodesWaitsForItsLinks() {
        SightOfCluster cluster = SightOfCluster.of("mmm");
        cluster.breakLink(0, 1);

        assertThat(downedInTheEndBy(cluster.ours(2))).isEmpty();
    }

    @Test
    void aMemberThatIsAlreadyDownIsNoEvidence() {
        SightOfCluster cluster = SightOfCluster.of("rrr");
        int downed = cluster.add(MemberStatus.up(), true);
        cluster.breakLink(0, 1);
        cluster.down(downed);

        assertThat(downedBy(cluster.ours(2))).isEmpty();
    }
}
