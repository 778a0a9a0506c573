package org.rotunda.node.cluster;

import java.util.Collection;
import java.util.IntSummaryStatistics;
import java.util.Optional;
import java.util.OptionalInt;
import org.rotunda.room.readmodel.ClaimedVersions;

/**
 * Decides whether a node of some version may run beside the nodes that run already, and on the schema that is there.
 * Pure. {@code docs/operations.md} has the rule for operators.
 */
public final class VersionRule {
    private VersionRule() {}

    /**
     * Returns the reason for which a node is refused; nothing if it may start. A node whose version is unknown may start,
     * because only builds for development are without a version.
     *
     * @param version the text of the node's version
     * @param claimed the versions that the database knows
     */
    public static Optional<String> refusal(String version, ClaimedVersions claimed) {
        return ReleaseVersion.parse(version).flatMap(own -> refusal(own, claimed));
    }

    private static Optional<String> refusal(ReleaseVersion own, ClaimedVersions claimed) {
        if (claimed.running().isPresent()) {
            ReleaseVersion lowest = ReleaseVersion.of(claimed.running().get().lowest());
            ReleaseVersion highest = ReleaseVersion.of(claimed.running().get().highest());
            if (!own.isNeighbourOf(lowest) || !own.isNeighbourOf(highest)) {
                return Optional.of("this node has version " + own + ", but nodes of "
                        + (lowest.equals(highest) ? "version " + lowest : "the versions " + lowest + " to " + highest)
                        + " run on this database; only neighbouring minor versions run together: upgrade one minor"
                        + " version at a time, or stop all nodes first");
            }
        }
        if (claimed.newest().isPresent()) {
            ReleaseVersion newest = ReleaseVersion.of(claimed.newest().getAsInt());
            if (!own.canUseSchemaOf(newest)) {
                return Optional.of("this node has version " + own + ", but version " + newest
                        + " has run on this database and has changed its tables; a roll-back goes back by one minor"
                        + " version at most");
            }
        }
        return Optional.empty();
    }

    /** Returns the number that stands for a version in the database; empty if the text is no version. */
    public static OptionalInt number(String version) {
        return ReleaseVersion.parse(version)
                .map(parsed -> OptionalInt.of(parsed.number()))
                .orElse(OptionalInt.empty());
    }

    /** Returns the lowest and the highest of the known versions; empty if none is known. */
    static Optional<ClaimedVersions.Running> running(Collection<String> versions) {
        IntSummaryStatistics known = versions.stream()
                .flatMap(version -> ReleaseVersion.parse(version).stream())
                .mapToInt(ReleaseVersion::number)
                .summaryStatistics();
        return known.getCount() == 0
                ? Optional.empty()
                : Optional.of(new ClaimedVersions.Running(known.getMin(), known.getMax()));
    }

    /** Returns the reason for which two nodes do not run in one cluster; nothing if they do. */
    static Optional<String> refusal(String own, String other) {
        return ReleaseVersion.parse(own)
                .flatMap(mine -> ReleaseVersion.parse(other)
                        .filter(its -> !mine.isNeighbourOf(its))
                        .map(its -> "version " + its + " is not a neighbour of version " + mine));
    }
}
