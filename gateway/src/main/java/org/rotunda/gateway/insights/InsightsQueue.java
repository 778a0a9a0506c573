package org.rotunda.gateway.insights;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.InsightsStore;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of all insights sockets of a node on their way to the database. One write is under way at a time, with many
 * events. While the database is slow or away, events wait here; when the queue is full, further events are dropped and
 * counted, and no socket waits. Safe to call from any thread.
 */
final class InsightsQueue {
    /** The most events in one write. */
    static final int BATCH_MAX = 200;

    /** The pause before a write is repeated for which the database was away. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(InsightsQueue.class);

    /** Runs tasks after a delay. */
    @FunctionalInterface
    interface Delayed {
        void run(Duration delay, Runnable task);
    }

    private final InsightsStore store;
    private final InsightsSettings settings;
    private final InsightsStatistics statistics;
    private final Executor executor;
    private final Delayed delayed;
    private final Deque<InsightsEvent> events = new ArrayDeque<>(); // Those of the write under way come first.
    private long chars;
    private boolean isWriting;

    /** @param executor runs what follows a write */
    InsightsQueue(
            InsightsStore store,
            InsightsSettings settings,
            InsightsStatistics statistics,
            Executor executor,
            Delayed delayed) {
        this.store = store;
        this.settings = settings;
        this.statistics = statistics;
        this.executor = executor;
        this.delayed = delayed;
    }

    /** Queues an event, or drops it if the queue is full. Never waits. */
    void offer(InsightsEvent event) {
        List<InsightsEvent> batch;
        synchronized (events) {
            if (events.size() >= settings.queueEventsMax()
                    || chars + event.payload().length() > settings.queueCharsMax()) {
                statistics.onDropped(InsightsDrop.QUEUE, 1);
                return;
            }
            events.add(event);
            chars += event.payload().length();
            statistics.onWaiting(events.size());
            batch = nextBatch();
        }
        write(batch);
    }

    /** Returns the events to write now; empty if a write is under way. The caller holds the lock. */
    private List<InsightsEvent> nextBatch() {
        if (isWriting || events.isEmpty()) {
            return List.of();
        }
        isWriting = true;
        return events.stream().limit(BATCH_MAX).toList();
    }

    private void write(List<InsightsEvent> batch) {
        if (!batch.isEmpty()) {
            store.insert(batch).whenCompleteAsync((stored, failure) -> onWritten(batch, stored, failure), executor);
        }
    }

    private void onWritten(
            List<InsightsEvent> batch, InsightsStore.@Nullable Stored stored, @Nullable Throwable failure) {
        if (failure != null && isAway(failure)) {
            delayed.run(RETRY, () -> write(batch));
            return;
        }
        if (stored == null) {
            LOG.warn("{} insights events are lost, because they cannot be stored", batch.size(), failure);
            statistics.onDropped(InsightsDrop.FAILED, batch.size());
        } else {
            statistics.onStored(stored.stored());
            statistics.onDropped(InsightsDrop.ROOM_FULL, stored.roomFull());
            statistics.onDropped(InsightsDrop.ACCOUNT_FULL, stored.accountFull());
        }
        List<InsightsEvent> next;
        synchronized (events) {
            for (InsightsEvent written : new ArrayList<>(batch)) {
                events.remove();
                chars -= written.payload().length();
            }
            isWriting = false;
            statistics.onWaiting(events.size());
            next = nextBatch();
        }
        write(next);
    }

    private static boolean isAway(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal && refusal.error() == RoomError.BUSY;
    }
}
