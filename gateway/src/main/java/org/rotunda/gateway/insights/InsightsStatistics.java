package org.rotunda.gateway.insights;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The counters of insights sockets, for metrics. Any thread may count and read. */
public final class InsightsStatistics {
    private final AtomicLong sockets = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final Map<InsightsFault, LongAdder> faults = new EnumMap<>(InsightsFault.class);
    private final Map<InsightsDrop, LongAdder> drops = new EnumMap<>(InsightsDrop.class);

    public InsightsStatistics() {
        for (InsightsFault fault : InsightsFault.values()) {
            faults.put(fault, new LongAdder());
        }
        for (InsightsDrop drop : InsightsDrop.values()) {
            drops.put(drop, new LongAdder());
        }
    }

    long onOpened() {
        return sockets.incrementAndGet();
    }

    void onClosed() {
        sockets.decrementAndGet();
    }

    void onAccepted() {
        accepted.increment();
    }

    void onRefused() {
        refused.increment();
    }

    void onFault(InsightsFault fault) {
        Objects.requireNonNull(faults.get(fault)).increment();
    }

    void onDropped(InsightsDrop drop, int events) {
        Objects.requireNonNull(drops.get(drop)).add(events);
    }

    void onStored(int events) {
        stored.add(events);
    }

    void onWaiting(int events) {
        waiting.set(events);
    }

    /** Returns the number of open sockets. */
    public long sockets() {
        return sockets.get();
    }

    /** Returns the number of events that wait for the database. */
    public long waiting() {
        return waiting.get();
    }

    /** Returns the number of connects that were accepted. */
    public long accepted() {
        return accepted.sum();
    }

    /** Returns the number of connects that were refused because of their token or room, or because of too many sockets. */
    public long refused() {
        return refused.sum();
    }

    public long stored() {
        return stored.sum();
    }

    public long faults(InsightsFault fault) {
        return Objects.requireNonNull(faults.get(fault)).sum();
    }

    public long dropped(InsightsDrop drop) {
        return Objects.requireNonNull(drops.get(drop)).sum();
    }
}
