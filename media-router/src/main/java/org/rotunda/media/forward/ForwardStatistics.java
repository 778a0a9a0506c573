package org.rotunda.media.forward;

import java.util.Locale;
import java.util.Map;

/** Counters of dropped packets by reason. They are written and read on one event loop. */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into counters of this process; it is never stored or sent.
public final class ForwardStatistics {
    private static final ForwardDrop[] REASONS = ForwardDrop.values();

    private final long[] drops = new long[REASONS.length];

    /** Counts a drop. Always returns false, so that the caller can return the result. */
    boolean drop(ForwardDrop reason) {
        drops[reason.ordinal()]++;
        return false;
    }

    void addTo(Map<String, Long> byName) {
        for (ForwardDrop reason : REASONS) {
            if (dropped(reason) > 0) {
                byName.merge(reason.name().toLowerCase(Locale.ROOT), dropped(reason), Long::sum);
            }
        }
    }

    public long dropped(ForwardDrop reason) {
        return drops[reason.ordinal()];
    }
}
