package org.rotunda.record.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReorderBufferProperties {
    private static final long MS = 1_000_000;

    private final List<Long> left = new ArrayList<>();
    private final List<Long> missing = new ArrayList<>();
    private ReorderBuffer buffer = empty();

    private ReorderBuffer empty() {
        return new ReorderBuffer(
                new OrderSink() {
                    @Override
                    public void packet(MediaPacket packet) {
                        left.add(packet.sequence());
                        packet.release();
                    }

                    @Override
                    public void missing(long first, long last) {
                        if (last - first < 100_000) {
                            LongStream.rangeClosed(first, last).forEach(missing::add);
                        }
                    }
                },
                1_000 * MS,
                10_000);
    }

    private void packet(long sequence, int bytes, long nanos) {
        buffer.onPacket(
                new MediaPacket(sequence, 0, false, 0, Unpooled.buffer(bytes).writeZero(bytes)), nanos);
    }

    @Property(tries = 500)
    void everyNumberLeavesOnceAndInOrder(
            @ForAll @Size(max = 300) List<@IntRange(max = 400) Integer> arrivals,
            @ForAll @IntRange(max = 400) int gone) {
        left.clear(); // All tries of a property share one object.
        missing.clear();
        buffer = empty();
        packet(1_000, 1, 0);
        long nanos = 0;
        for (int arrival : arrivals) {
            nanos += 7 * MS;
            packet(1_000 + arrival, 1, nanos);
            if (arrival % 50 == 0) {
                buffer.onGone(1_000 + gone, 1_000 + gone + 3, nanos);
            }
            buffer.onTimeout(nanos);
        }
        buffer.drain();
        assertThat(left).isSorted().doesNotHaveDuplicates();
        List<Long> all = new ArrayList<>(left);
        all.addAll(missing);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(all).hasSize((int) (all.stream().mapToLong(l -> l).max().orElse(1_000) - 999));
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Example
    void aHoleWaitsForASecondAfterThePacketBehindIt() {
        packet(10, 1, 0);
        packet(12, 1, 500 * MS);
        assertThat(buffer.nextDeadlineNanos()).isEqualTo(1_500 * MS);
        buffer.onTimeout(1_499 * MS);
        assertThat(left).containsExactly(10L);
        buffer.onTimeout(1_500 * MS);
        assertThat(left).containsExactly(10L, 12L);
        assertThat(missing).containsExactly(11L);
        packet(11, 1, 1_600 * MS); // Too late.
        assertThat(buffer.duplicates()).isOne();
    }

    @Example
    void aLatePacketFillsItsHole() {
        packet(10, 1, 0);
        packet(12, 1, MS);
        packet(11, 1, 999 * MS);
        assertThat(left).containsExactly(10L, 11L, 12L);
        assertThat(missing).isEmpty();
    }

    @Example
    void goneEndsTheWait() {
        packet(10, 1, 0);
        packet(13, 1, MS);
        buffer.onGone(11, 12, 2 * MS);
        assertThat(left).containsExactly(10L, 13L);
        assertThat(missing).containsExactly(11L, 12L);
        buffer.onGone(14, 1L << 50, 3 * MS); // Further than the window.
        assertThat(buffer.next()).isEqualTo((1L << 50) + 1);
    }

    @Example
    void bytesAndPacketsThatWaitAreBounded() {
        packet(10, 1, 0);
        packet(12, 6_000, 0);
        assertThat(left).hasSize(1);
        packet(13, 6_000, 0); // More bytes than may wait.
        assertThat(left).containsExactly(10L, 12L, 13L);
        packet(15, 1, 0);
        packet(15 + ReorderBuffer.WINDOW_PACKETS, 1, 0); // Further ahead than the window.
        assertThat(left).containsExactly(10L, 12L, 13L, 15L, 15L + ReorderBuffer.WINDOW_PACKETS);
        packet(1L << 60, 1, 0);
        assertThat(left).endsWith(1L << 60);
    }

    @Example
    void afterADrainOtherNumbersFollow() {
        packet(1_000_000, 1, 0);
        packet(1_000_002, 1, 0);
        buffer.drain();
        packet(5, 1, 0);
        assertThat(left).containsExactly(1_000_000L, 1_000_002L, 5L);
    }
}
