package org.rotunda.media.forward;

import java.util.Locale;
import java.util.Map;

/** Counters of dropped packets, by reason: written by the machine that drops, read on the same loop. */
@SuppressWarnings("EnumOrdinal") // An index into counters of this process; it is never stored or sent.
public final class ForwardStatistics {
    private static final ForwardDrop[] REASONS = ForwardDrop.values();

    private final long[] drops = new long[REASONS.length];

    /** Counts a drop; returns false, so that a caller can return it. */
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
