package org.rotunda.node.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.Reachability;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.sbr.DowningStrategy;
import org.apache.pekko.cluster.sbr.KeepMajority;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Decides which members the split-brain resolver downs. The resolver of every leader asks once a second while members
 * are missed and nothing has changed for {@code stable-after}. Only members with the voting role, the room nodes, are
 * counted (docs/adr/0014-downing-by-room-majority.md).
 *
 * <ol>
 *   <li>A missed member is <em>silent</em> unless it acknowledges the gossip of the cluster. If all missed members are
 *       silent, the decision is that of Pekko's {@code keep-majority}: the side with the majority of the room nodes
 *       downs the others, and the other side downs itself. Observations of silent members do not count.
 *   <li>Otherwise some links are broken while gossip still gets around them. If all members in contact together are a
 *       minority, they down themselves as above. If some room nodes that all see each other are the majority, the
 *       silent members are downed, and the members that are <em>cut off</em>: the room nodes that they see, themselves
 *       included, are a minority. Nobody else is downed, and without such a majority nobody at all: links recover.
 *   <li>When the same links have been broken for {@value #UNCHANGED_ROUNDS} further seconds, only the largest group of
 *       room nodes that all see each other stays, if it is the majority; otherwise the silent members are downed. Of
 *       the members without a vote those with the most broken links go, but never more than half.
 * </ol>
 *
 * <p>Pekko's own strategy downs both ends of each broken link. A single media node with bad links to all room nodes
 * would take all of them along. Here the room nodes that stay are the majority in every step, whatever other members
 * observe.
 *
 * <p>Two sides can never both be the majority, so at most one of two sides that do not hear each other goes on. All
 * members in contact have the same gossip, so their leaders come to the same decision.
 *
 * <p>Used by one actor.
 */
final class KeepRoomMajority extends DowningStrategy {
    /**
     * The number of rounds for which an acknowledgement shows that a missed member is alive. Every change of the gossip
     * voids all acknowledgements for a moment, and a decision at that moment must not take the member for silent.
     */
    static final int HEARD_ROUNDS = 3;

    /**
     * The number of rounds without a change after which broken links count as lasting. Until then it is better to wait.
     * Later it is worse, because Pekko removes no downed member, and so starts no lost room again, as long as members
     * miss each other.
     */
    static final int UNCHANGED_ROUNDS = 10;

    private final UniqueAddress self;
    private final Option<String> role;
    /** The round in which each member last acknowledged gossip. A member is taken out when it is first missed. */
    private final Map<Address, Integer> heardInRound = new HashMap<>();

    private int round;
    private BrokenLinks lastBroken = new BrokenLinks();
    private int unchangedRounds;

    /** @param role the role of the members that have votes; without it all members have votes */
    KeepRoomMajority(String selfDataCenter, Option<String> role, UniqueAddress self) {
        super(selfDataCenter, self);
        this.role = role;
        this.self = self;
    }

    /**
     * A decision that no decision of Pekko expresses.
     *
     * @param reason the reason as it is logged
     */
    private record Verdict(Set<UniqueAddress> down, String reason) implements Decision {
        @Override
        public boolean isIndirectlyConnected() {
            return true; // The resolver adds the members with broken links to its log line.
        }

        @Override
        public String toString() {
            return "KeepRoomMajority(" + reason + ")";
        }
    }

    /**
     * The members by what is known of them.
     *
     * @param missed the number of members that may be downed and that anybody misses
     * @param inContact the members that may be downed, without the silent ones
     * @param voters the room nodes, lowest address first
     * @param doubtful the missed members that acknowledged gossip lately, but not the present gossip
     */
    private record Sight(
            int missed,
            List<UniqueAddress> inContact,
            List<UniqueAddress> voters,
            Set<UniqueAddress> silent,
            Set<UniqueAddress> doubtful,
            BrokenLinks broken) {}

    @Override
    public Option<String> role() {
        return role;
    }

    @Override
    public void addUnreachable(Member member) {
        super.addUnreachable(member);
        heardInRound.remove(member.address());
        unchangedRounds = 0;
    }

    @Override
    public void addReachable(Member member) {
        super.addReachable(member);
        unchangedRounds = 0;
    }

    @Override
    public void remove(Member member) {
        super.remove(member);
        heardInRound.remove(member.address());
    }

    @Override
    public void setSeenBy(scala.collection.immutable.Set<Address> seenBy) {
        super.setSeenBy(seenBy);
        CollectionConverters.asJava(seenBy).forEach(address -> heardInRound.put(address, round));
    }

    @Override
    public Decision decide() {
        round++;
        Sight sight = look();
        unchangedRounds = sight.broken.isSameAs(lastBroken) ? unchangedRounds + 1 : 0;
        lastBroken = sight.broken;
        KeepMajority clean = without(sight.silent);
        if (sight.broken.isEmpty() && sight.silent.size() == sight.missed) {
            return clean.decide();
        }
        if (!sight.silent.isEmpty() && !isKept(clean)) {
            return new Verdict(
                    Set.copyOf(CollectionConverters.asJava(clean.nodesToDown(clean.decide()))),
                    "the members in contact are no majority of the room nodes");
        }
        return decideAmongBrokenLinks(sight);
    }

    private Verdict decideAmongBrokenLinks(Sight sight) {
        boolean isLasting = unchangedRounds >= UNCHANGED_ROUNDS && sight.doubtful.isEmpty();
        List<UniqueAddress> certain = new ArrayList<>(sight.voters);
        certain.removeAll(sight.silent);
        certain.removeAll(sight.doubtful);
        Set<UniqueAddress> group = sight.broken.largestGroup(certain);
        Set<UniqueAddress> outside = new HashSet<>(sight.voters);
        outside.removeAll(group);
        outside.addAll(sight.silent);
        if (!isKept(without(outside))) {
            return new Verdict(
                    isLasting ? sight.silent : Set.of(), "the room nodes that see each other are no majority: wait");
        }
        Set<UniqueAddress> down = new HashSet<>(sight.silent);
        for (UniqueAddress member : sight.broken.members()) {
            if (isCutOff(member, sight)) {
                down.add(member);
            }
        }
        if (!isLasting) {
            return new Verdict(
                    down, down.isEmpty() ? "wait for broken links" : "members without sight of the majority go");
        }
        List<UniqueAddress> others = new ArrayList<>(sight.inContact);
        others.removeAll(sight.voters);
        others.removeAll(down);
        Set<UniqueAddress> worst = sight.broken.worstOf(others, group);
        if (2 * worst.size() <= others.size()) {
            down.addAll(worst);
        }
        down.addAll(outside);
        return new Verdict(down, "links are broken for long: the largest group of room nodes stays");
    }

    /** Returns whether the room nodes that a member sees, itself included, are a minority of the room nodes. */
    private boolean isCutOff(UniqueAddress member, Sight sight) {
        Set<UniqueAddress> unseen = new HashSet<>(sight.silent);
        unseen.addAll(sight.broken.of(member));
        return without(unseen).decide() == DownReachable$.MODULE$;
    }

    private Sight look() {
        List<Member> downable = new ArrayList<>(CollectionConverters.asJava(members()));
        downable.addAll(CollectionConverters.asJava(joining()));
        int missed = 0;
        List<UniqueAddress> inContact = new ArrayList<>();
        Set<UniqueAddress> silent = new HashSet<>();
        Set<UniqueAddress> doubtful = new HashSet<>();
        for (Member member : downable) {
            missed += unreachable(member) ? 1 : 0;
            boolean isDoubtful = unreachable(member) && !seenBy().contains(member.address());
            if (isDoubtful && !isHeardLately(member)) {
                silent.add(member.uniqueAddress());
            } else {
                inContact.add(member.uniqueAddress());
                if (isDoubtful) {
                    doubtful.add(member.uniqueAddress());
                }
            }
        }
        BrokenLinks broken = new BrokenLinks();
        Set<UniqueAddress> alive = Set.copyOf(inContact);
        for (Reachability.Record observation :
                CollectionConverters.asJava(reachability().records())) {
            if (alive.contains(observation.observer()) && alive.contains(observation.subject())) {
                broken.add(observation.observer(), observation.subject());
            }
        }
        List<UniqueAddress> voters = CollectionConverters.asJava(membersWithRole()).stream()
                .map(Member::uniqueAddress)
                .toList();
        return new Sight(missed, inContact, voters, silent, doubtful, broken);
    }

    private boolean isHeardLately(Member member) {
        Integer heard = heardInRound.get(member.address());
        return heard != null && round - heard <= HEARD_ROUNDS;
    }

    /**
     * Returns Pekko's strategy for a cluster from which some members are cleanly cut off. Its count of the votes also
     * considers members that join or leave at the same time.
     */
    private KeepMajority without(Set<UniqueAddress> away) {
        KeepMajority majority = new KeepMajority(selfDc(), role, self);
        for (Member member : CollectionConverters.asJava(allMembersInDC())) {
            if (away.contains(member.uniqueAddress())) {
                majority.addUnreachable(member);
            } else {
                majority.add(member);
            }
        }
        return majority;
    }

    private static boolean isKept(KeepMajority side) {
        return side.decide() == DownUnreachable$.MODULE$;
    }

    @Override
    public scala.collection.immutable.Set<UniqueAddress> nodesToDown(Decision decision) {
        return decision instanceof Verdict verdict
                ? CollectionConverters.asScala(verdict.down).toSet()
                : super.nodesToDown(decision);
    }
}
