package org.rotunda.load.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One direction of a network path: a bottleneck with a drop-tail queue, followed by a wire that delays, loses,
 * duplicates and reorders datagrams.
 *
 * <p>Sans-IO: datagrams and time are arguments, and the caller drains the datagrams that have arrived. The seed and the
 * number of earlier datagrams alone decide whether a datagram is lost, duplicated, held back or delayed. Owned by one
 * thread.
 */
public final class Link {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The bytes of the IPv4 and UDP headers. The rate and the queue limit include these bytes for each datagram. */
    public static final int OVERHEAD_BYTES = 20 + 8;

    /**
     * The maximum number of datagrams on the wire. Further datagrams are dropped. The limit allows a delay of five
     * seconds at 100 Mbit/s with full datagrams.
     */
    static final int IN_FLIGHT_MAX = 1 << 16;

    private static final Comparator<Flying> BY_ARRIVAL =
            Comparator.comparingLong(Flying::arrivalNanos).thenComparingLong(Flying::ordinal);

    private final RandomGenerator random;
    private final ArrayDeque<Queued> queue = new ArrayDeque<>(); // The bottleneck is sending the head of the queue.
    private final PriorityQueue<Flying> flying = new PriorityQueue<>(BY_ARRIVAL);
    private LinkSchedule schedule;
    private long startNanos;
    private int queuedBytes; // The bytes in the queue, IP and UDP headers included.
    // The time at which the bottleneck finishes sending the head of the queue.
    private long headSentNanos = NO_DEADLINE;
    private long lastArrivalNanos = Long.MIN_VALUE; // The latest arrival of a datagram that is not held back.
    private long ordinal;
    private long received;
    private long delivered;
    private long duplicated;
    private long lost;
    private long queueDrops;
    private long overflowDrops;

    /**
     * Creates an empty link.
     *
     * @param random a seeded generator that no other link uses
     * @param startNanos the time at which the schedule begins
     */
    public Link(LinkSchedule schedule, RandomGenerator random, long startNanos) {
        this.schedule = schedule;
        this.random = random;
        this.startNanos = startNanos;
    }

    /** Replaces the schedule from now on. Datagrams that are already on the wire are not affected. */
    public void setSchedule(LinkSchedule next, long nowNanos) {
        send(nowNanos);
        schedule = next;
        startNanos = nowNanos;
    }

    /** Puts a datagram into the link. The link becomes the owner of the datagram. */
    public void onDatagram(ByteBuf datagram, long nowNanos) {
        send(nowNanos);
        received++;
        // All four random numbers are drawn even for a dropped datagram, so that a drop does not change the numbers of
        // later datagrams.
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

    /** Passes the datagrams that have arrived by now to the sink, in the order of arrival. The sink takes ownership. */
    public void drainTo(Consumer<? super ByteBuf> sink, long nowNanos) {
        send(nowNanos);
        Flying next;
        while ((next = flying.peek()) != null && next.arrivalNanos <= nowNanos) {
            flying.remove();
            delivered++;
            sink.accept(next.datagram);
        }
    }

    /** Returns the time at which {@link #drainTo} must be called next, or {@link #NO_DEADLINE}. */
    public long nextDeadlineNanos() {
        Flying next = flying.peek();
        long arrivalNanos = next == null ? NO_DEADLINE : next.arrivalNanos;
        return queue.isEmpty() ? arrivalNanos : Math.min(arrivalNanos, headSentNanos);
    }

    public LinkCounts counts() {
        long waiting = (long) queue.size() + flying.size();
        return new LinkCounts(received, delivered, duplicated, lost, queueDrops, overflowDrops, waiting);
    }

    /** Returns the bytes that wait before the bottleneck, headers included. */
    int queuedBytes() {
        return queuedBytes;
    }

    /** Releases all datagrams in the link. */
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

    /**
     * Moves the datagrams that the bottleneck has sent by now to the wire. A change of the rate does not affect a
     * datagram that is being sent.
     */
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

    /** A datagram in the queue, with the random numbers that decide on its loss, delay and duplication. */
    private record Queued(
            ByteBuf datagram,
            int bytes,
            double lossDraw,
            double jitterDraw,
            double reorderingDraw,
            double duplicationDraw) {}

    private record Flying(ByteBuf datagram, long arrivalNanos, long ordinal) {}
}
