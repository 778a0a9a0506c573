package org.rotunda.gateway.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.IdentityErasure;

/** An erasing whose steps a test prepares. Without a prepared step nothing is found. Safe to call from any thread. */
public final class FakeErasure implements IdentityErasure {
    private final Deque<Step> prepared = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();

    /** A step that was asked for. */
    public record Asked(
            AccountSid account, String identity, @Nullable Place after) {}

    public synchronized void prepare(Step step) {
        prepared.add(step);
    }

    /** Returns the steps that were asked for since the last call. */
    public synchronized List<Asked> takeAsked() {
        List<Asked> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    @Override
    public synchronized CompletionStage<Step> erase(AccountSid account, String identity, @Nullable Place after) {
        asked.add(new Asked(account, identity, after));
        Step step = prepared.poll();
        return CompletableFuture.completedFuture(step == null ? new Step(0, 0, 0, 0, List.of(), null) : step);
    }
}
