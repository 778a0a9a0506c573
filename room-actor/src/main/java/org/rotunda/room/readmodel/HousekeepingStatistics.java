package org.rotunda.room.readmodel;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counters of the housekeeping in this process. Only the node that does the housekeeping of its cluster counts. Safe to
 * use from any thread.
 */
public final class HousekeepingStatistics {
    private final Map<Kind, LongAdder> deleted = new EnumMap<>(Kind.class);
    private final Map<Kind, Instant> oldest = new ConcurrentHashMap<>();
    private final LongAdder runs = new LongAdder();
    private final LongAdder failedRuns = new LongAdder();
    private volatile @Nullable Duration lastRun;

    /** A kind of data that is deleted when its time is over. */
    public enum Kind {
        /** A room whose events and snapshots are deleted; its row stays. */
        JOURNALS,
        /** An event in the journal of such a room. */
        EVENTS,
        PARTICIPANTS,
        /** A room that is no longer listed. */
        ROOMS,
        /** A report of a client. */
        INSIGHTS,
        /** A name that was released because its room is over, or whose row was left behind by a node that died. */
        NAMES
    }

    public HousekeepingStatistics() {
        for (Kind kind : Kind.values()) {
            deleted.put(kind, new LongAdder());
        }
    }

    void countDeleted(Kind kind, long number) {
        adder(kind).add(number);
    }

    /** Notes when the oldest data of a kind became old; null if there is no such data. */
    void setOldest(Kind kind, @Nullable Instant since) {
        if (since == null) {
            oldest.remove(kind);
        } else {
            oldest.put(kind, since);
        }
    }

    void countRun(Duration duration) {
        runs.increment();
        lastRun = duration;
    }

    void countFailedRun() {
        failedRuns.increment();
    }

    public long deleted(Kind kind) {
        return adder(kind).sum();
    }

    /**
     * Returns the time since which the oldest data that was left by the last run has been waiting for its deletion:
     * when a completion was projected, a participant or a room ended, or a report came. Empty if there is none, or if this process has
     * not run the housekeeping.
     */
    public Optional<Instant> oldest(Kind kind) {
        return Optional.ofNullable(oldest.get(kind));
    }

    public long runs() {
        return runs.sum();
    }

    public long failedRuns() {
        return failedRuns.sum();
    }

    /** Returns the duration of the last successful run in this process. */
    public Optional<Duration> lastRun() {
        return Optional.ofNullable(lastRun);
    }

    private LongAdder adder(Kind kind) {
        LongAdder adder = deleted.get(kind);
        if (adder == null) {
            throw new IllegalArgumentException("not counted: " + kind);
        }
        return adder;
    }
}
