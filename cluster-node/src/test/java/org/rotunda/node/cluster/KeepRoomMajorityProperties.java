package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.cluster.SightOfCluster.downedBy;
import static org.rotunda.node.cluster.SightOfCluster.downedInTheEndBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** Clusters of up to nine members, drawn at random from a seed. */
class KeepRoomMajorityProperties {
    private static final int SIZE_MAX = 9;

    @Property(tries = 2_000)
    void decidesAsKeepMajorityIfTheClusterIsCleanlySplit(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 3) int parts) {
        Random random = new Random(seed);
        SightOfCluster cluster = new SightOfCluster();
        List<MemberStatus> statuses = List.of(
                MemberStatus.up(),
                MemberStatus.up(),
                MemberStatus.up(),
                MemberStatus.leaving(),
                MemberStatus.joining(),
                MemberStatus.weaklyUp(),
                MemberStatus.exiting(),
                MemberStatus.down());
        int size = 2 + random.nextInt(SIZE_MAX - 1);
        int[] part = random.ints(size, 0, parts).toArray();
        for (int node = 0; node < size; node++) {
            cluster.add(statuses.get(random.nextInt(statuses.size())), random.nextInt(3) > 0);
        }
        for (int node = 0; node < size; node++) {
            for (int other = 0; other < size; other++) {
                if (part[node] != part[other]) {
                    cluster.miss(node, other);
                }
            }
        }

        for (int self = 0; self < size; self++) {
            assertThat(downedBy(cluster.ours(self)))
                    .as("node %d of parts %s", self, IntStream.of(part).boxed().toList())
                    .isEqualTo(downedBy(cluster.pekkos(self)));
        }
    }

    @Property(tries = 2_000)
    void neverLosesTheMajorityOfTheRoomNodesThatAreInContact(
            @ForAll long seed, @ForAll @IntRange(max = 90) int brokenPercent, @ForAll boolean isOneWay) {
        SightOfCluster cluster = draw(new Random(seed), brokenPercent, isOneWay, true);

        for (int self : alive(cluster)) {
            Set<Integer> contacts = rooms(cluster, cluster.inContactWith(self));
            Set<Integer> staying = new TreeSet<>(contacts);
            staying.removeAll(downedInTheEndBy(cluster.ours(self)));
            if (isMajority(cluster, contacts)) {
                assertThat(isMajority(cluster, staying)).as("node %d", self).isTrue();
            }
        }
    }

    @Property(tries = 1_000)
    void downsNoRoomNodeOfAMajorityThatSeesEachOther(@ForAll long seed, @ForAll @IntRange(max = 90) int brokenPercent) {
        Random random = new Random(seed);
        SightOfCluster cluster = new SightOfCluster();
        int size = 2 + random.nextInt(SIZE_MAX - 1);
        for (int node = 0; node < size; node++) {
            cluster.add(MemberStatus.up(), node == 0 || random.nextBoolean());
        }
        for (int node = 0; node < size; node++) {
            for (int other = 0; other < node; other++) {
                if (!(cluster.runsRooms(node) && cluster.runsRooms(other)) && random.nextInt(100) < brokenPercent) {
                    cluster.breakLink(node, other);
                }
            }
        }

        for (int self = 0; self < size; self++) {
            if (cluster.runsRooms(self) || cluster.inContactWith(self).contains(0)) {
                assertThat(rooms(cluster, downedInTheEndBy(cluster.ours(self))))
                        .as("node %d", self)
                        .isEmpty();
            }
        }
    }

    @Property(tries = 1_000)
    void downsADeadNodeOnTheSideOfTheMajority(@ForAll long seed, @ForAll @IntRange(max = 60) int brokenPercent) {
        SightOfCluster cluster = draw(new Random(seed), brokenPercent, false, true);

        for (int self : alive(cluster)) {
            Set<Integer> contacts = cluster.inContactWith(self);
            if (isMajority(cluster, rooms(cluster, contacts))) {
                for (int node = 0; node < cluster.size(); node++) {
                    if (cluster.isDead(node)) {
                        assertThat(downedInTheEndBy(cluster.ours(self)))
                                .as("node %d", self)
                                .contains(node);
                    }
                }
            }
        }
    }

    @Property
    void downsANodeWithoutRoomsThatSeesNoRoomNode(
            @ForAll @IntRange(min = 1, max = 5) int roomNodes, @ForAll @IntRange(max = 3) int self) {
        SightOfCluster cluster = SightOfCluster.of("m".repeat(2) + "r".repeat(roomNodes) + "m");
        IntStream.range(0, roomNodes).forEach(room -> cluster.breakLink(0, 2 + room));

        assertThat(downedBy(cluster.ours(self))).containsExactly(0);
    }

    /** Nodes that exchange gossip must not down each other by different decisions. */
    @Property(tries = 300)
    void allMembersInContactComeToTheSameDecision(
            @ForAll long seed, @ForAll @IntRange(max = 90) int brokenPercent, @ForAll boolean isOneWay) {
        SightOfCluster cluster = draw(new Random(seed), brokenPercent, isOneWay, true);

        for (int self : alive(cluster)) {
            Set<Integer> downed = downedInTheEndBy(cluster.ours(self));
            for (int other : cluster.inContactWith(self)) {
                assertThat(downedInTheEndBy(cluster.ours(other)))
                        .as("node %d as node %d", other, self)
                        .isEqualTo(downed);
            }
        }
    }

    /**
     * Every part of a split cluster decides until nothing changes any more. A part may fall apart when it downs members
     * that passed gossip on. Of all parts in the end at most one may still have room nodes.
     */
    @Property(tries = 1_000)
    void atMostOneOfTheSidesGoesOn(@ForAll long seed, @ForAll @IntRange(min = 20, max = 90) int brokenPercent) {
        SightOfCluster cluster = draw(new Random(seed), brokenPercent, false, false);
        List<Set<Integer>> goingOn = new ArrayList<>();
        parts(cluster, all(cluster)).forEach(part -> decideToTheEnd(cluster.copy(), part, goingOn));

        assertThat(goingOn).hasSizeLessThanOrEqualTo(1);
    }

    /** A search for the largest group that is not exact must find it where the groups are parts of a split network. */
    @Property(tries = 1_000)
    void findsTheLargestPart(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int parts) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(12);
        int[] part = random.ints(size, 0, parts).toArray();
        BrokenLinks broken = new BrokenLinks();
        List<UniqueAddress> members = new ArrayList<>();
        for (int node = 0; node < size; node++) {
            members.add(SightOfCluster.address(node));
            for (int other = 0; other < node; other++) {
                if (part[node] != part[other]) {
                    broken.add(SightOfCluster.address(node), SightOfCluster.address(other));
                }
            }
        }

        Set<UniqueAddress> largest = broken.largestGroup(members);

        long most = IntStream.range(0, parts)
                .mapToLong(one -> IntStream.of(part).filter(of -> of == one).count())
                .max()
                .orElseThrow();
        assertThat(largest)
                .hasSize((int) most)
                .allSatisfy(member -> assertThat(broken.of(member)).doesNotContainAnyElementsOf(largest));
    }

    /** Adds the room nodes that stay in the end, for each part into which this part falls. */
    private static void decideToTheEnd(SightOfCluster cluster, Set<Integer> part, List<Set<Integer>> goingOn) {
        Set<Integer> downed = downedInTheEndBy(cluster.ours(part.iterator().next()));
        Set<Integer> staying = new TreeSet<>(part);
        staying.removeAll(downed);
        Set<Integer> rooms = rooms(cluster, staying);
        if (rooms.isEmpty()) {
            return;
        }
        if (downed.isEmpty()) {
            goingOn.add(rooms);
            return;
        }
        downed.forEach(cluster::down);
        parts(cluster, staying).forEach(next -> decideToTheEnd(cluster.copy(), next, goingOn));
    }

    private static Set<Set<Integer>> parts(SightOfCluster cluster, Set<Integer> nodes) {
        Set<Set<Integer>> parts = new LinkedHashSet<>();
        nodes.forEach(node -> parts.add(cluster.inContactWith(node)));
        return parts;
    }

    private static SightOfCluster draw(Random random, int brokenPercent, boolean isOneWay, boolean withDead) {
        SightOfCluster cluster = new SightOfCluster();
        int size = 2 + random.nextInt(SIZE_MAX - 1);
        for (int node = 0; node < size; node++) {
            cluster.add(MemberStatus.up(), node == 0 || random.nextInt(3) > 0);
        }
        for (int node = 0; node < size; node++) {
            for (int other = 0; other < node; other++) {
                if (random.nextInt(100) < brokenPercent) {
                    int ends = isOneWay ? random.nextInt(3) : 2;
                    if (ends != 0) {
                        cluster.miss(node, other);
                    }
                    if (ends != 1) {
                        cluster.miss(other, node);
                    }
                }
            }
        }
        for (int node = 0; node < size; node++) {
            // The failure detectors of both sides miss all nodes of the other side.
            Set<Integer> others = all(cluster);
            others.removeAll(cluster.inContactWith(node));
            for (int other : others) {
                cluster.breakLink(node, other);
            }
        }
        if (withDead && random.nextBoolean()) {
            cluster.kill(random.nextInt(size));
        }
        return cluster;
    }

    private static Set<Integer> all(SightOfCluster cluster) {
        return IntStream.range(0, cluster.size()).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> alive(SightOfCluster cluster) {
        Set<Integer> alive = all(cluster);
        alive.removeIf(cluster::isDead);
        return alive;
    }

    private static Set<Integer> rooms(SightOfCluster cluster, Set<Integer> nodes) {
        Set<Integer> rooms = new TreeSet<>(nodes);
        rooms.removeIf(node -> !cluster.runsRooms(node));
        return rooms;
    }

    /** Returns whether these room nodes are more than half of all, or half of them with the lowest address. */
    private static boolean isMajority(SightOfCluster cluster, Set<Integer> rooms) {
        Set<Integer> all = rooms(cluster, all(cluster));
        return 2 * rooms.size() > all.size()
                || (2 * rooms.size() == all.size()
                        && rooms.contains(all.iterator().next()));
    }
}
