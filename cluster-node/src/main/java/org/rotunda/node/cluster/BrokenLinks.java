package org.rotunda.node.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * The pairs of members of which at least one misses the other although both are alive. A link counts as broken in both
 * directions, because the failure detector of one end needs both of them.
 */
final class BrokenLinks {
    private final Map<UniqueAddress, Set<UniqueAddress>> ends = new HashMap<>();

    void add(UniqueAddress one, UniqueAddress other) {
        ends.computeIfAbsent(one, end -> new HashSet<>()).add(other);
        ends.computeIfAbsent(other, end -> new HashSet<>()).add(one);
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    /** Returns the members that have at least one broken link. */
    Set<UniqueAddress> members() {
        return ends.keySet();
    }

    /** Returns the members at the other ends of a member's broken links. */
    Set<UniqueAddress> of(UniqueAddress member) {
        return ends.getOrDefault(member, Set.of());
    }

    boolean isSameAs(BrokenLinks other) {
        return ends.equals(other.ends);
    }

    /**
     * Returns a group of members without a broken link between any two of them, as large as a greedy search finds it.
     * From each member the search builds one group. It always adds the member that leaves the most others to choose
     * from. If the network is split into parts whose members all see each other, the result is the largest part. Of
     * groups with the same size, the group of the first member in the list wins.
     */
    Set<UniqueAddress> largestGroup(List<UniqueAddress> members) {
        Set<UniqueAddress> largest = Set.of();
        for (UniqueAddress first : members) {
            Set<UniqueAddress> group = groupOf(first, members);
            if (group.size() > largest.size()) {
                largest = group;
            }
        }
        return largest;
    }

    private Set<UniqueAddress> groupOf(UniqueAddress first, List<UniqueAddress> members) {
        Set<UniqueAddress> group = new LinkedHashSet<>();
        Set<UniqueAddress> candidates = new LinkedHashSet<>(members);
        UniqueAddress next = first;
        while (true) {
            group.add(next);
            candidates.remove(next);
            candidates.removeAll(of(next));
            if (candidates.isEmpty()) {
                return group;
            }
            next = leastBroken(candidates);
        }
    }

    private UniqueAddress leastBroken(Set<UniqueAddress> candidates) {
        UniqueAddress best = candidates.iterator().next();
        for (UniqueAddress candidate : candidates) {
            if (count(candidate, candidates) < count(best, candidates)) {
                best = candidate;
            }
        }
        return best;
    }

    /**
     * Returns the members to give up so that no broken link is left among the others and the kept members. The member
     * with the most broken links is given up first; of several, the last in the list.
     *
     * @param others the members that may be given up
     * @param kept members that are not given up and have no broken links to each other
     */
    Set<UniqueAddress> worstOf(List<UniqueAddress> others, Set<UniqueAddress> kept) {
        Set<UniqueAddress> left = new HashSet<>(kept);
        left.addAll(others);
        List<UniqueAddress> candidates = new ArrayList<>(others);
        Set<UniqueAddress> givenUp = new LinkedHashSet<>();
        while (true) {
            int most = 0;
            UniqueAddress worst = null;
            for (UniqueAddress candidate : candidates) {
                int broken = count(candidate, left);
                if (broken > 0 && broken >= most) {
                    most = broken;
                    worst = candidate;
                }
            }
            if (worst == null) {
                return givenUp;
            }
            candidates.remove(worst);
            left.remove(worst);
            givenUp.add(worst);
        }
    }

    private int count(UniqueAddress member, Set<UniqueAddress> among) {
        int count = 0;
        for (UniqueAddress end : of(member)) {
            count += among.contains(end) ? 1 : 0;
        }
        return count;
    }
}
