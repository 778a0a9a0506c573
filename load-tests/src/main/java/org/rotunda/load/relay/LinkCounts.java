package org.rotunda.load.relay;

/**
 * The counters of one or more links. While the links are open, {@code received + duplicated = delivered + lost +
 * queueDrops + overflowDrops + waiting}. A closed link does not count the datagrams that were waiting.
 *
 * @param received datagrams that entered
 * @param delivered datagrams that arrived, including duplicates
 * @param duplicated duplicates made by the link
 * @param lost datagrams lost by the configured loss
 * @param queueDrops datagrams dropped because the queue of the bottleneck was full
 * @param overflowDrops datagrams dropped because {@link Link#IN_FLIGHT_MAX} datagrams were on the wire already
 * @param waiting datagrams in the queue or on the wire
 */
public record LinkCounts(
        long received, long delivered, long duplicated, long lost, long queueDrops, long overflowDrops, long waiting) {
    public static final LinkCounts NONE = new LinkCounts(0, 0, 0, 0, 0, 0, 0);

    public LinkCounts plus(LinkCounts other) {
        return new LinkCounts(
                received + other.received,
                delivered + other.delivered,
                duplicated + other.duplicated,
                lost + other.lost,
                queueDrops + other.queueDrops,
                overflowDrops + other.overflowDrops,
                waiting + other.waiting);
    }
}
