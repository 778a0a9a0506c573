package org.rotunda.load.bot.receive;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the faults of one or more streams by kind, and keeps descriptions of the first faults. Owned by one loop. */
@SuppressWarnings("EnumOrdinal") // The ordinal is only an index within one process.
public final class FaultCounters {
    /** The maximum number of faults that are described. Further faults are only counted. */
    static final int DETAILS_MAX = 16;

    private final long[] counts = new long[ContinuityFault.values().length];
    private final List<String> details = new ArrayList<>();

    /** Returns whether fewer than {@link #DETAILS_MAX} faults are described so far. */
    boolean wantsDetail() {
        return details.size() < DETAILS_MAX;
    }

    void count(ContinuityFault fault) {
        counts[fault.ordinal()]++;
    }

    void detail(String detail) {
        details.add(detail);
    }

    public long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    public void add(FaultCounters other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        for (String detail : other.details) {
            if (wantsDetail()) {
                details.add(detail);
            }
        }
    }

    /** Returns the number of faults by kind; kinds without faults are absent. */
    public Map<ContinuityFault, Long> byKind() {
        Map<ContinuityFault, Long> map = new EnumMap<>(ContinuityFault.class);
        for (ContinuityFault fault : ContinuityFault.values()) {
            if (counts[fault.ordinal()] > 0) {
                map.put(fault, counts[fault.ordinal()]);
            }
        }
        return map;
    }

    /** Returns descriptions of the first faults. */
    public List<String> details() {
        return List.copyOf(details);
    }
}
