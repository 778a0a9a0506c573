package org.rotunda.room.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The table of reports of clients' SDKs. Safe to call from any thread; while the database is away, the stage fails. */
@FunctionalInterface
public interface InsightsStore {
    /**
     * The numbers of events that were stored and that were dropped.
     *
     * @param stored the number of events that were stored
     * @param roomFull the number of events that were dropped because their room has as many events as it may have
     * @param accountFull the same for their account
     */
    record Stored(int stored, int roomFull, int accountFull) {}

    /** Stores events in one transaction. */
    CompletionStage<Stored> insert(List<InsightsEvent> events);
}
