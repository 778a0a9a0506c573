package org.rotunda.media.transport;

import java.util.Locale;
import java.util.Map;

/**
 * Counts drops of all transports of one event loop. Written on the loop; read elsewhere through a snapshot made on the
 * loop.
 */
@SuppressWarnings("EnumOrdinal") // An index within this process; never stored or sent.
public final class DropStatistics {
    private static final TransportDrop[] REASONS = TransportDrop.values();

    private final long[] counts = new long[REASONS.length];

    void count(TransportDrop reason) {
        counts[reason.ordinal()]++;
    }

    public long of(TransportDrop reason) {
        return counts[reason.ordinal()];
    }

    /** Adds the counts to a map by the names that metrics use. */
    public void addTo(Map<String, Long> drops) {
        for (TransportDrop reason : REASONS) {
            long count = counts[reason.ordinal()];
            if (count > 0) {
                drops.merge(reason.name().toLowerCase(Locale.ROOT), count, Long::sum);
            }
        }
    }
}
