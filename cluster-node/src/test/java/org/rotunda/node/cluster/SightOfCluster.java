package org.rotunda.node.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.Reachability;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.sbr.DowningStrategy;
import org.apache.pekko.cluster.sbr.KeepMajority;
import org.apache.pekko.util.Version;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A cluster as its nodes see it: members by number, in the order of their addresses, and who misses whom. Two nodes
 * exchange gossip unless one of them misses the other, as in Pekko. Nodes that exchange gossip, also through others,
 * know what all of them observe. Not thread-safe.
 */
final class SightOfCluster {
    private static final String DATA_CENTER = "default";
    private static final String ROOM = "room";

    private final List<Member> members = new ArrayList<>();
    private final Set<Integer> dead = new HashSet<>();
    private final List<Set<Integer>> missed = new ArrayList<>(); // The missed nodes, by observer.
    private final Set<List<Integer>> stale = new HashSet<>();

    /** Adds a member and returns its number. */
    int add(MemberStatus status, boolean runsRooms) {
        int number = members.size();
        members.add(member(number, status, runsRooms ? Set.of(ROOM) : Set.of("media")));
        missed.add(new TreeSet<>());
        return number;
    }

    /** Returns a cluster of members that are up: for each {@code r} a room node, for each {@code m} another. */
    static SightOfCluster of(String kinds) {
        SightOfCluster cluster = new SightOfCluster();
        kinds.chars().forEach(kind -> cluster.add(MemberStatus.up(), kind == 'r'));
        return cluster;
    }

    SightOfCluster copy() {
        SightOfCluster copy = new SightOfCluster();
        copy.members.addAll(members);
        copy.dead.addAll(dead);
        missed.forEach(subjects -> copy.missed.add(new TreeSet<>(subjects)));
        copy.stale.addAll(stale);
        return copy;
    }

    private static Member member(int number, MemberStatus status, Set<String> roles) {
        Set<String> all = new HashSet<>(roles);
        all.add("dc-" + DATA_CENTER);
        return new Member(
                address(number),
                number + 1,
                status,
                CollectionConverters.asScala(all).toSet(),
                Version.Zero());
    }

    static UniqueAddress address(int number) {
        return new UniqueAddress(new Address("pekko", "rotunda", "10.0.0.1", 7000 + number), number + 1L);
    }

    int size() {
        return members.size();
    }

    boolean runsRooms(int node) {
        return members.get(node).hasRole(ROOM);
    }

    boolean isDead(int node) {
        return dead.contains(node);
    }

    boolean isMissing(int observer, int subject) {
        return missed.get(observer).contains(subject) || dead.contains(subject);
    }

    /** Ends a node without notice: all others miss it. */
    void kill(int node) {
        dead.add(node);
        missed.get(node).clear();
    }

    /** Makes a node miss another. */
    void miss(int observer, int subject) {
        missed.get(observer).add(subject);
    }

    /** Makes two nodes miss each other. */
    void breakLink(int one, int other) {
        miss(one, other);
        miss(other, one);
    }

    /** Keeps an observation of a node in the gossip that it made before it was lost. */
    void remember(int observer, int subject) {
        stale.add(List.of(observer, subject));
    }

    /** Makes a node a downed member. */
    void down(int node) {
        members.set(node, member(node, MemberStatus.down(), runsRooms(node) ? Set.of(ROOM) : Set.of("media")));
        kill(node);
    }

    /** Returns the nodes that exchange gossip with a node, itself included. */
    Set<Integer> inContactWith(int node) {
        Set<Integer> contacts = new TreeSet<>(Set.of(node));
        List<Integer> open = new ArrayList<>(contacts);
        while (!open.isEmpty()) {
            int one = open.remove(open.size() - 1);
            for (int other = 0; other < size(); other++) {
                if (!isMissing(one, other) && !isMissing(other, one) && contacts.add(other)) {
                    open.add(other);
                }
            }
        }
        return contacts;
    }

    KeepRoomMajority ours(int self) {
        return tell(new KeepRoomMajority(DATA_CENTER, Option.apply(ROOM), address(self)), self);
    }

    KeepMajority pekkos(int self) {
        return tell(new KeepMajority(DATA_CENTER, Option.apply(ROOM), address(self)), self);
    }

    /** Tells a strategy what its node knows, in the order of the resolver's events. */
    private <S extends DowningStrategy> S tell(S strategy, int self) {
        Set<Integer> contacts = inContactWith(self);
        Reachability reachability = Reachability.empty();
        Set<Integer> unreachable = new TreeSet<>();
        for (int observer = 0; observer < size(); observer++) {
            for (int subject = 0; subject < size(); subject++) {
                boolean isKnown = contacts.contains(observer) && observer != subject && isMissing(observer, subject);
                if (isKnown || stale.contains(List.of(observer, subject))) {
                    reachability = reachability.unreachable(address(observer), address(subject));
                    unreachable.add(subject);
                }
            }
        }
        for (int node = 0; node < size(); node++) {
            if (unreachable.contains(node) && node != self) {
                strategy.addUnreachable(members.get(node));
            } else {
                strategy.add(members.get(node));
            }
        }
        strategy.setSeenBy(addresses(contacts));
        strategy.setReachability(reachability);
        return strategy;
    }

    static scala.collection.immutable.Set<Address> addresses(Set<Integer> nodes) {
        Set<Address> addresses = new HashSet<>();
        nodes.forEach(node -> addresses.add(address(node).address()));
        return CollectionConverters.asScala(addresses).toSet();
    }

    /** Returns the numbers of the nodes that a strategy downs now. */
    static Set<Integer> downedBy(DowningStrategy strategy) {
        Set<Integer> downed = new TreeSet<>();
        for (UniqueAddress node : CollectionConverters.asJava(strategy.nodesToDown(strategy.decide()))) {
            downed.add((int) node.longUid() - 1);
        }
        return downed;
    }

    /** Returns the nodes of the first decision that downs any, or none if no decision on this evidence does. */
    static Set<Integer> downedInTheEndBy(KeepRoomMajority strategy) {
        for (int i = 0; i <= KeepRoomMajority.HEARD_ROUNDS + KeepRoomMajority.UNCHANGED_ROUNDS; i++) {
            Set<Integer> downed = downedBy(strategy);
            if (!downed.isEmpty()) {
                return downed;
            }
        }
        return Set.of();
    }
}
