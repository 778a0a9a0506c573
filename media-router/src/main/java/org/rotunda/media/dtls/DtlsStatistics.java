package org.rotunda.media.dtls;

import java.util.Map;

/** Counters of dropped datagrams, one for each reason. Owned by one event loop. */
final class DtlsStatistics {
    private static final DtlsDrop[] REASONS = DtlsDrop.values();

    private final long[] counts = new long[REASONS.length];

    @SuppressWarnings("EnumOrdinal") // The ordinal is only an array index, and counting must not box.
    void increment(DtlsDrop reason) {
        counts[reason.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal") // The ordinal is only an array index.
    long count(DtlsDrop reason) {
        return counts[reason.ordinal()];
    }

    void addTo(Map<String, Long> byName) {
        for (DtlsDrop reason : REASONS) {
            long count = count(reason);
            if (count > 0) {
                byName.merge(reason.metricName(), count, Long::sum);
            }
        }
    }
}
