package org.rotunda.node.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Decides the answer to {@code /ready}. It is true while the node accepts new work and is an up member of its cluster.
 * Created by Pekko Management from its configuration; never blocks.
 */
public final class ReadyCheck implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    public ReadyCheck(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        return CompletableFuture.completedFuture(Readiness.of(system).isReady()
                && Cluster.get(system).selfMember().status() == MemberStatus.up());
    }
}
