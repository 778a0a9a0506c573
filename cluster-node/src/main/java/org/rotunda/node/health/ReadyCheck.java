package org.rotunda.node.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/** Answers {@code /ready}. Created by Pekko Management from its configuration. */
public final class ReadyCheck implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    public ReadyCheck(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        return CompletableFuture.completedFuture(Readiness.of(system).isReady());
    }
}
