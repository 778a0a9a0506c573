package org.rotunda.media.dtls;

import java.util.Map;

/** How many datagrams were dropped, by reason. Owned by one event loop. */
final class DtlsStatistics {
    private static final DtlsDrop[] REASONS = DtlsDrop.values();

    private final long[] counts = new long[REASONS.length];

    @SuppressWarnings("EnumOrdinal") // An index within one process; counting must not box.
    void increment(DtlsDrop reason) {
        counts[reason.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal") // As above.
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
