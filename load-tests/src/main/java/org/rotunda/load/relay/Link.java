package org.rotunda.load.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One direction of a network path: a bottleneck with a drop-tail queue, and behind it a wire that delays, loses, duplicates and reorders.
 *
 * <p>Sans-IO: datagrams and time come in as arguments, what arrives is drained. Which datagrams are lost, doubled, held back or delayed more
 * depends on the seed and on how many came before, on nothing else. Owned by one thread.
 */
public final class Link {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** IPv4 and UDP headers: what a rate in a network also carries for every datagram. */
    public static final int OVERHEAD_BYTES = 20 + 8;

    /** On the wire at once: 100 Mbit/s of full datagrams for five seconds. Beyond it the latest are dropped. */
    static final int IN_FLIGHT_MAX = 1 << 16;

    private static final Comparator<Flying> BY_ARRIVAL =
            Comparator.comparingLong(Flying::arrivalNanos).thenComparingLong(Flying::ordinal);

    private final RandomGenerator random;
    private final ArrayDeque<Queued> queue = new ArrayDeque<>(); // Its head is being sent.
    private final PriorityQueue<Flying> flying = new PriorityQueue<>(BY_ARRIVAL);
    private LinkSchedule schedule;
    private long startNanos;
    private int queuedBytes; // Headers included.
    private long headSentNanos = NO_DEADLINE; // When the head of the queue has passed the bottleneck.
    private long lastArrivalNanos = Long.MIN_VALUE; // Of those that keep their order.
    private long ordinal;
    private long received;
    private long delivered;
    private long duplicated;
    private long lost;
    private long queueDrops;
    private long overflowDrops;

    /**
     * Makes an empty link.
     *
     * @param random seeded, of this link alone
     * @param startNanos when the schedule begins
     */
    public Link(LinkSchedule schedule, RandomGenerator random, long startNanos) {
        this.schedule = schedule;
        this.random = random;
        this.startNanos = startNanos;
    }

    /** Another schedule from now on; what is on its way stays on its way. */
    public void setSchedule(LinkSchedule next, long nowNanos) {
        send(nowNanos);
        schedule = next;
        startNanos = nowNanos;
    }

    /** A datagram enters. Takes ownership. */
    public void onDatagram(ByteBuf datagram, long nowNanos) {
        send(nowNanos);
        received++;
        // All four are drawn for every datagram, so that the fate of the next one does not depend on this one's.
        Queued item = new Queued(
                datagram,
                datagram.readableBytes() + OVERHEAD_BYTES,
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble());
        LinkConditions conditions = conditionsAt(nowNanos);
        if (!queue.isEmpty() && item.bytes > conditions.queueBytes() - queuedBytes) {
            queueDrops++;
            datagram.release();
            return;
        }
        if (queue.isEmpty()) {
            headSentNanos = nowNanos + conditions.transmissionNanos(item.bytes);
        }
        queue.add(item);
        queuedBytes += item.bytes;
        send(nowNanos);
    }

    /** Hands over what has arrived by now, in the order of arrival. The sink takes ownership. */
    public void drainTo(Consumer<? super ByteBuf> sink, long nowNanos) {
        send(nowNanos);
        Flying next;
        while ((next = flying.peek()) != null && next.arrivalNanos <= nowNanos) {
            flying.remove();
            delivered++;
            sink.accept(next.datagram);
        }
    }

    /** When {@link #drainTo} has something to do, or {@link #NO_DEADLINE}. */
    public long nextDeadlineNanos() {
        Flying next = flying.peek();
        long arrivalNanos = next == null ? NO_DEADLINE : next.arrivalNanos;
        return queue.isEmpty() ? arrivalNanos : Math.min(arrivalNanos, headSentNanos);
    }

    public LinkCounts counts() {
        long waiting = (long) queue.size() + flying.size();
        return new LinkCounts(received, delivered, duplicated, lost, queueDrops, overflowDrops, waiting);
    }

    /** What waits before the bottleneck, headers included. */
    int queuedBytes() {
        return queuedBytes;
    }

    /** Releases what is on its way. */
    public void close() {
        queue.forEach(item -> item.datagram.release());
        queue.clear();
        queuedBytes = 0;
        flying.forEach(item -> item.datagram.release());
        flying.clear();
    }

    private LinkConditions conditionsAt(long nanos) {
        return schedule.at(nanos - startNanos);
    }

    /** Lets everything through the bottleneck that has passed it by now. The datagram being sent keeps the rate it began with. */
    private void send(long nowNanos) {
        while (!queue.isEmpty() && headSentNanos <= nowNanos) {
            Queued sent = queue.remove();
            queuedBytes -= sent.bytes;
            launch(sent, headSentNanos);
            if (!queue.isEmpty()) {
                headSentNanos += conditionsAt(headSentNanos).transmissionNanos(queue.element().bytes);
            }
        }
    }

    private void launch(Queued item, long nanos) {
        LinkConditions conditions = conditionsAt(nanos);
        if (item.lossDraw < conditions.loss()) {
            lost++;
            item.datagram.release();
            return;
        }
        long arrivalNanos = nanos + conditions.delayNanos() + Math.round(item.jitterDraw * conditions.jitterNanos());
        if (item.reorderingDraw < conditions.reordering()) {
            arrivalNanos += conditions.reorderNanos();
        } else {
            arrivalNanos = Math.max(arrivalNanos, lastArrivalNanos);
            lastArrivalNanos = arrivalNanos;
        }
        boolean isTwice = item.duplicationDraw < conditions.duplication();
        if (isTwice) {
            duplicated++;
            fly(item.datagram.retainedDuplicate(), arrivalNanos);
        }
        fly(item.datagram, arrivalNanos);
    }

    private void fly(ByteBuf datagram, long arrivalNanos) {
        if (flying.size() == IN_FLIGHT_MAX) {
            overflowDrops++;
            datagram.release();
            return;
        }
        flying.add(new Flying(datagram, arrivalNanos, ordinal++));
    }

    /** Before the bottleneck, with the dice thrown for it. */
    private record Queued(
            ByteBuf datagram,
            int bytes,
            double lossDraw,
            double jitterDraw,
            double reorderingDraw,
            double duplicationDraw) {}

    private record Flying(ByteBuf datagram, long arrivalNanos, long ordinal) {}
}
