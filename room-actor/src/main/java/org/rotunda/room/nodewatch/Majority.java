package org.rotunda.room.nodewatch;

import java.util.Collection;
import java.util.function.Predicate;

/**
 * Tells whether Pekko's split-brain resolver with {@code keep-majority} would keep our side of a split cluster. The
 * resolver keeps the side with more members. If both sides have the same number, it keeps the side of the member with
 * the lowest address. As in Pekko, our side must win two counts. In the first count, each side has its members that are
 * up or leaving. In the second count, our side has only its members that are up, but the other side also has its
 * joining and leaving members.
 */
final class Majority {
    private Majority() {}

    /**
     * One member's vote.
     *
     * @param isHere true if the member is on our side
     */
    record Vote(NodeId node, Rank rank, boolean isHere) {}

    /** Returns whether our side is kept. */
    static boolean keeps(Collection<Vote> votes) {
        return wins(votes, Majority::isMember, Majority::isMember, Majority::isMember)
                && wins(votes, vote -> vote.rank == Rank.UP, Majority::mayBeMember, vote -> vote.rank == Rank.UP);
    }

    private static boolean wins(
            Collection<Vote> votes, Predicate<Vote> counts, Predicate<Vote> countsThere, Predicate<Vote> mayBeLowest) {
        long here = votes.stream().filter(Vote::isHere).filter(counts).count();
        long there = votes.stream()
                .filter(vote -> !vote.isHere())
                .filter(countsThere)
                .count();
        if (here != there) {
            return here > there;
        }
        return votes.stream()
                .filter(mayBeLowest)
                .min((a, b) -> a.node.compareTo(b.node))
                .map(Vote::isHere)
                .orElse(false);
    }

    private static boolean isMember(Vote vote) {
        return vote.rank == Rank.UP || vote.rank == Rank.LEAVING;
    }

    private static boolean mayBeMember(Vote vote) {
        return vote.rank == Rank.JOINING || isMember(vote);
    }
}
