package org.rotunda.node.cluster;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrapSettings;
import org.apache.pekko.management.cluster.bootstrap.JoinDecider;
import org.apache.pekko.management.cluster.bootstrap.JoinDecision;
import org.apache.pekko.management.cluster.bootstrap.JoinSelf;
import org.apache.pekko.management.cluster.bootstrap.KeepProbing;
import org.apache.pekko.management.cluster.bootstrap.LowestAddressJoinDecider;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Decides like Pekko's own decider, except that a node which would form a new cluster needs the right to do so. Without
 * the right, the decision is to keep looking, and Pekko asks for a decision again later. Created by Pekko's bootstrap
 * from its configuration.
 */
public final class ClaimingJoinDecider implements JoinDecider {
    private final LowestAddressJoinDecider byAddress;
    private final FormingRights rights;

    /** Creates the decider; called by Pekko. */
    public ClaimingJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        byAddress = new LowestAddressJoinDecider(system, settings);
        rights = FormingRights.of(system);
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation found) {
        return FutureConverters.asScala(FutureConverters.asJava(byAddress.decide(found))
                .thenCompose(decision -> decision.equals(JoinSelf.getInstance())
                        ? rights.right()
                                .take()
                                .thenApply(taken -> taken ? JoinSelf.getInstance() : KeepProbing.getInstance())
                        : CompletableFuture.completedFuture(decision)));
    }
}
