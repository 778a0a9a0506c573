package org.rotunda.media.transport;

import java.util.Locale;
import java.util.Map;

/** Counts the dropped packets and messages of all transports of one event loop. Used on the loop only. */
@SuppressWarnings("EnumOrdinal") // The ordinal is an array index in this process; it is never stored or sent.
public final class DropStatistics {
    private static final TransportDrop[] REASONS = TransportDrop.values();

    private final long[] counts = new long[REASONS.length];

    void count(TransportDrop reason) {
        counts[reason.ordinal()]++;
    }

    public long of(TransportDrop reason) {
        return counts[reason.ordinal()];
    }

    /** Adds the counts to the map, under their metric names. */
    public void addTo(Map<String, Long> drops) {
        for (TransportDrop reason : REASONS) {
            long count = counts[reason.ordinal()];
            if (count > 0) {
                drops.merge(reason.name().toLowerCase(Locale.ROOT), count, Long::sum);
            }
        }
    }
}
