package org.rotunda.node.cluster;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.readmodel.ClusterClaim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right that a node gets by taking the claim in the database. While the database is away, no node gets the right.
 */
public final class ClaimedRight implements FormingRight {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimedRight.class);

    private final ClusterClaim claim;
    private final String node;
    private final OptionalInt version;
    private final AtomicReference<@Nullable String> logged = new AtomicReference<>();

    private ClaimedRight(ClusterClaim claim, String node, OptionalInt version) {
        this.claim = claim;
        this.node = node;
        this.version = version;
    }

    /**
     * Returns the right of the node that runs in this actor system. A later start of the node counts as another node.
     */
    public static ClaimedRight of(ActorSystem<?> system, ClusterClaim claim) {
        Member member = Cluster.get(system).selfMember();
        UniqueAddress self = member.uniqueAddress();
        return new ClaimedRight(
                claim,
                self.address().hostPort() + "#" + Long.toUnsignedString(self.longUid(), 16),
                VersionRule.number(member.appVersion().version()));
    }

    @Override
    public CompletionStage<Boolean> take() {
        return claim.take(node, version).thenApply(this::isTaken).exceptionally(this::noAnswer);
    }

    private boolean isTaken(Optional<String> holder) {
        holder.ifPresentOrElse(
                formedBy -> logOnce("This node forms no cluster, because the cluster that " + formedBy
                        + " formed on this database has been alive within the last "
                        + ClusterClaim.STALE_AFTER.toSeconds() + " s; this node goes on looking for it"),
                () -> logOnce("This node has the claim and may form a cluster on this database"));
        return holder.isEmpty();
    }

    private boolean noAnswer(Throwable failure) {
        logOnce("This node forms no cluster, because the database does not answer: "
                + Failures.rootCause(failure).getMessage());
        return false;
    }

    /** Logs a line, unless it is the same as the previous line. The right is asked for again and again. */
    private void logOnce(String line) {
        if (!line.equals(logged.getAndSet(line))) {
            LOG.info("{}", line);
        }
    }
}
