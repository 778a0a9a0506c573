package org.rotunda.gateway.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.InsightsStore;

/** A table of insights events in memory. Safe to call from any thread. */
public final class FakeInsights implements InsightsStore {
    private final List<InsightsEvent> events = new ArrayList<>();
    private @Nullable CompletableFuture<Void> gate; // Writes wait for it; null while they are done at once.

    /** Makes all writes wait until the stage completes. */
    public synchronized void waitFor(CompletableFuture<Void> stage) {
        gate = stage;
    }

    @Override
    public synchronized CompletionStage<Stored> insert(List<InsightsEvent> some) {
        CompletableFuture<Void> first = gate == null ? CompletableFuture.completedFuture(null) : gate;
        return first.thenApply(ready -> add(some));
    }

    private synchronized Stored add(List<InsightsEvent> some) {
        events.addAll(some);
        return new Stored(some.size(), 0, 0);
    }

    public synchronized List<InsightsEvent> all() {
        return List.copyOf(events);
    }
}
