package org.rotunda.media.dtls;

/** How many datagrams were dropped, by reason. Owned by one event loop. */
final class DtlsDropCounters {
    private final long[] counts = new long[DtlsDrop.values().length];

    @SuppressWarnings("EnumOrdinal") // An index within one process; counting must not box.
    void increment(DtlsDrop reason) {
        counts[reason.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal") // As above.
    long count(DtlsDrop reason) {
        return counts[reason.ordinal()];
    }
}
