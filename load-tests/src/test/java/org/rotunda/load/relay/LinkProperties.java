package org.rotunda.load.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.Size;

class LinkProperties {
    private static final long MS = 1_000_000;
    private static final long LONG_AFTER_NANOS = Duration.ofHours(1).toNanos();
    private static final int PAYLOAD_BYTES_MAX = 1_400;

    /** A datagram that is sent {@code gapNanos} after the previous datagram. */
    record Sent(long gapNanos, int payloadBytes) {}

    /** The arrival of the datagram with this index in the traffic. */
    record Arrived(int index, long nanos) {}

    private static final class Run {
        final Link link;
        final List<Arrived> arrived = new ArrayList<>();
        final List<ByteBuf> buffers = new ArrayList<>();
        final List<Long> sentNanos = new ArrayList<>();
        int queuedBytesMax;

        /** Sends all datagrams through a link, and drains the link at each of its deadlines, as the relay does. */
        Run(LinkSchedule schedule, long seed, List<Sent> traffic) {
            link = new Link(schedule, new SplittableRandom(seed), 0);
            long nowNanos = 0;
            for (int index = 0; index < traffic.size(); index++) {
                Sent sent = traffic.get(index);
                drainUntil(nowNanos + sent.gapNanos());
                nowNanos += sent.gapNanos();
                ByteBuf datagram = Unpooled.buffer().writeInt(index).writeZero(sent.payloadBytes() - Integer.BYTES);
                buffers.add(datagram);
                sentNanos.add(nowNanos);
                link.onDatagram(datagram, nowNanos);
                queuedBytesMax = Math.max(queuedBytesMax, link.queuedBytes());
            }
            drainUntil(nowNanos + LONG_AFTER_NANOS);
        }

        private void drainUntil(long endNanos) {
            while (link.nextDeadlineNanos() <= endNanos) {
                long nowNanos = link.nextDeadlineNanos();
                link.drainTo(datagram -> onArrival(datagram, nowNanos), nowNanos);
            }
        }

        private void onArrival(ByteBuf datagram, long nowNanos) {
            arrived.add(new Arrived(datagram.getInt(0), nowNanos));
            datagram.release();
        }

        List<Integer> order() {
            return arrived.stream().map(Arrived::index).toList();
        }
    }

    @Provide
    Arbitrary<List<Sent>> traffic() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 20 * MS),
                        Arbitraries.integers().between(Integer.BYTES, PAYLOAD_BYTES_MAX))
                .as(Sent::new)
                .list()
                .ofMaxSize(150);
    }

    @Provide
    Arbitrary<LinkConditions> conditions() {
        Arbitrary<Double> share = Arbitraries.of(0.0, 0.02, 0.3, 1.0);
        Arbitrary<Tuple2<Long, Integer>> bottleneck = Combinators.combine(
                        Arbitraries.of(0L, 20_000L, 300_000L, 5_000_000L),
                        Arbitraries.integers().between(0, 60_000))
                .as(Tuple::of);
        Arbitrary<Integer> millis = Arbitraries.integers().between(0, 200);
        return Combinators.combine(bottleneck, millis, millis, share, share, share, millis)
                .as((limit, delay, jitter, loss, duplication, reordering, heldBack) -> LinkConditions.CLEAR
                        .withRate(limit.get1(), limit.get2())
                        .withDelay(Duration.ofMillis(delay), Duration.ofMillis(jitter))
                        .withLoss(loss)
                        .withDuplication(duplication)
                        .withReordering(reordering, Duration.ofMillis(heldBack)));
    }

    @Provide
    Arbitrary<LinkSchedule> schedules() {
        return conditions().list().ofMinSize(1).ofMaxSize(4).map(all -> {
            LinkSchedule schedule = LinkSchedule.always(all.get(0));
            for (int i = 1; i < all.size(); i++) {
                schedule = schedule.from(Duration.ofMillis(300L * i), all.get(i));
            }
            return schedule;
        });
    }

    @Property(tries = 300)
    void everyDatagramArrivesOrIsCounted(
            @ForAll("schedules") LinkSchedule schedule, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        Run run = new Run(schedule, seed, traffic);

        LinkCounts counts = run.link.counts();
        assertThat(counts.waiting()).isZero();
        assertThat(counts.received()).isEqualTo(traffic.size());
        assertThat(counts.delivered()).isEqualTo(run.arrived.size());
        assertThat(counts.received() + counts.duplicated())
                .isEqualTo(counts.delivered() + counts.lost() + counts.queueDrops() + counts.overflowDrops());
        assertThat(run.buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Property(tries = 200)
    void theSameSeedMakesTheSameNetwork(
            @ForAll("schedules") LinkSchedule schedule, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        assertThat(new Run(schedule, seed, traffic).arrived).isEqualTo(new Run(schedule, seed, traffic).arrived);
    }

    @Property(tries = 300)
    void withoutReorderingTheOrderIsKept(
            @ForAll("conditions") LinkConditions conditions, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        Run run = new Run(LinkSchedule.always(conditions.withReordering(0, Duration.ZERO)), seed, traffic);

        assertThat(run.order()).isSorted();
    }

    @Property(tries = 200)
    void noDatagramArrivesBeforeItsDelay(
            @ForAll("conditions") LinkConditions conditions, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        Run run = new Run(LinkSchedule.always(conditions), seed, traffic);

        assertThat(run.arrived)
                .allMatch(arrived -> arrived.nanos() - run.sentNanos.get(arrived.index()) >= conditions.delayNanos());
    }

    @Property(tries = 300)
    void theRateIsNeverExceeded(
            @ForAll("conditions") LinkConditions any, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        long rateBps = 400_000;
        LinkConditions conditions = new LinkConditions(rateBps, any.queueBytes(), any.delayNanos(), 0, 0, 0, 0, 0);
        List<Arrived> arrived = new Run(LinkSchedule.always(conditions), seed, traffic).arrived;

        for (int last = 1; last < arrived.size(); last++) {
            Arrived before = arrived.get(last - 1);
            Arrived now = arrived.get(last);
            long bits = 8L * (traffic.get(now.index()).payloadBytes() + Link.OVERHEAD_BYTES);
            assertThat(now.nanos() - before.nanos()).isGreaterThanOrEqualTo(bits * 1_000_000_000L / rateBps);
        }
    }

    @Property(tries = 300)
    void theQueueNeverExceedsItsCapacity(
            @ForAll("conditions") LinkConditions conditions, @ForAll long seed, @ForAll("traffic") List<Sent> traffic) {
        Run run = new Run(LinkSchedule.always(conditions), seed, traffic);

        // An empty queue accepts a datagram of any length; without this rule a short queue would let nothing through.
        assertThat(run.queuedBytesMax)
                .isLessThanOrEqualTo(Math.max(conditions.queueBytes(), PAYLOAD_BYTES_MAX + Link.OVERHEAD_BYTES));
    }

    @Property(tries = 100)
    void lossesDependOnTheSeedAlone(
            @ForAll long seed,
            @ForAll @Size(max = 100) List<Boolean> anything,
            @ForAll("conditions") LinkConditions any) {
        List<Sent> slowly =
                anything.stream().map(bit -> new Sent(500 * MS, 100)).toList();
        LinkConditions bare = LinkConditions.CLEAR.withLoss(0.3);
        LinkConditions full = any.withRate(LinkConditions.UNLIMITED, 0).withLoss(0.3);

        assertThat(copies(new Run(LinkSchedule.always(bare), seed, slowly)).keySet())
                .isEqualTo(
                        copies(new Run(LinkSchedule.always(full), seed, slowly)).keySet());
    }

    private static Map<Integer, Integer> copies(Run run) {
        Map<Integer, Integer> copies = new HashMap<>();
        IntStream.range(0, run.arrived.size())
                .forEach(i -> copies.merge(run.arrived.get(i).index(), 1, Integer::sum));
        return copies;
    }
}
