package org.rotunda.room.quota;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of quotas in one process, for metrics. Any thread may count and read. */
public final class QuotaStatistics {
    private final Map<SeatKind, LongAdder> refused = new EnumMap<>(SeatKind.class);
    private final Map<SeatKind, LongAdder> warnings = new EnumMap<>(SeatKind.class);
    private final LongAdder expired = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder uncounted = new LongAdder();
    private final Map<String, Map<SeatKind, Integer>> taken = new ConcurrentHashMap<>(); // By account.

    public QuotaStatistics() {
        for (SeatKind kind : SeatKind.values()) {
            refused.put(kind, new LongAdder());
            warnings.put(kind, new LongAdder());
        }
    }

    void onRefused(SeatKind kind) {
        Objects.requireNonNull(refused.get(kind)).increment();
    }

    void onWarning(SeatKind kind) {
        Objects.requireNonNull(warnings.get(kind)).increment();
    }

    void onExpired(int rooms) {
        expired.add(rooms);
    }

    void onUnanswered() {
        unanswered.increment();
    }

    void onUncounted() {
        uncounted.increment();
    }

    /** Notes how many seats an account has whose entity is in this process. */
    void onTaken(String account, Map<SeatKind, Integer> seats) {
        taken.put(account, Map.copyOf(seats));
    }

    void onStopped(String account) {
        taken.remove(account);
    }

    /** Returns the number of seats that were refused because this quota was used up. */
    public long refused(SeatKind kind) {
        return Objects.requireNonNull(refused.get(kind)).sum();
    }

    /** Returns how often an account has used most of this quota. */
    public long warnings(SeatKind kind) {
        return Objects.requireNonNull(warnings.get(kind)).sum();
    }

    /** Returns the number of rooms whose seats were freed because the rooms were not heard of for too long. */
    public long expired() {
        return expired.sum();
    }

    /** Returns the number of requests of rooms for a seat that were not answered in time. */
    public long unanswered() {
        return unanswered.sum();
    }

    /** Returns the number of rooms and participants that were admitted without an answer. */
    public long uncounted() {
        return uncounted.sum();
    }

    /** Returns the seats of all accounts whose entities are in this process. */
    public long taken(SeatKind kind) {
        return taken.values().stream()
                .mapToLong(seats -> seats.getOrDefault(kind, 0))
                .sum();
    }
}
