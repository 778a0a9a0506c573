package org.rotunda.media.transport;

import java.util.Locale;
import java.util.Map;

/**
 * The counts of drops of all transports of one event loop. They are written on the loop; other threads read a snapshot
 * that was made on the loop.
 */
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

    /** Adds the counts to a map, under the names that metrics use. */
    public void addTo(Map<String, Long> drops) {
        for (TransportDrop reason : REASONS) {
            long count = counts[reason.ordinal()];
            if (count > 0) {
                drops.merge(reason.name().toLowerCase(Locale.ROOT), count, Long::sum);
            }
        }
    }
}
