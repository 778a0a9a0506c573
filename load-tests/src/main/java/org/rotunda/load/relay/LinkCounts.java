package org.rotunda.load.relay;

/**
 * What one or more links have done. {@code received + duplicated = delivered + lost + queueDrops + overflowDrops + waiting}.
 *
 * @param received datagrams that came in
 * @param delivered those handed on, second copies included
 * @param duplicated second copies made
 * @param lost by the configured loss
 * @param queueDrops that found the queue of the bottleneck full
 * @param overflowDrops that found more on their way than a link remembers
 * @param waiting in the queue or on their way
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
