package org.rotunda.load.bot.receive;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The faults of one or more streams by kind, and what the first of them were. Owned by one loop. */
@SuppressWarnings("EnumOrdinal") // An index within one process.
public final class FaultCounters {
    /** Enough to see what went wrong; the rest is only counted. */
    static final int DETAILS_MAX = 16;

    private final long[] counts = new long[ContinuityFault.values().length];
    private final List<String> details = new ArrayList<>();

    /** Whether a description of the next fault would be kept: only then is it worth making one. */
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

    /** The kinds that occurred, with their numbers. */
    public Map<ContinuityFault, Long> byKind() {
        Map<ContinuityFault, Long> map = new EnumMap<>(ContinuityFault.class);
        for (ContinuityFault fault : ContinuityFault.values()) {
            if (counts[fault.ordinal()] > 0) {
                map.put(fault, counts[fault.ordinal()]);
            }
        }
        return map;
    }

    /** The first faults in words. */
    public List<String> details() {
        return List.copyOf(details);
    }
}
