package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NackGeneratorProperties {
    private static final long MS = 1_000_000;

    private static final class RecordingSink implements NackGenerator.Sink {
        final List<Integer> nacks = new ArrayList<>();
        int unrecoverable;

        @Override
        public void nack(int sequenceNumber) {
            nacks.add(sequenceNumber);
        }

        @Override
        public void unrecoverable() {
            unrecoverable++;
        }
    }

    private final RecordingSink sink = new RecordingSink();

    @Property(tries = 500)
    void asksOnceForEveryLostPacketAndForNoOther(
            @ForAll @IntRange(max = 0xFFFF) int first, @ForAll @Size(max = 200) List<Boolean> lost) {
        RecordingSink recording = new RecordingSink();
        NackGenerator generator = new NackGenerator(recording, 1_000 * MS);
        generator.onPacket(first, 0);
        int packets = lost.size() + NackGenerator.REORDER_PACKETS;
        for (int i = 0; i < packets; i++) {
            if (i >= lost.size() || !lost.get(i)) {
                generator.onPacket((first + 1 + i) & 0xFFFF, i * MS);
            }
        }

        assertThat(recording.nacks)
                .containsExactlyElementsOf(IntStream.range(0, lost.size())
                        .filter(lost::get)
                        .mapToObj(i -> (first + 1 + i) & 0xFFFF)
                        .toList());
        assertThat(recording.unrecoverable).isZero();
    }

    @Property(tries = 300)
    void aSmallReorderingIsNotAskedFor(@ForAll @IntRange(max = 0xFFFF) int first) {
        RecordingSink recording = new RecordingSink();
        NackGenerator generator = new NackGenerator(recording, 50 * MS);
        for (int i = 0; i < 300; i += 3) {
            generator.onPacket((first + i) & 0xFFFF, i * MS);
            generator.onPacket((first + i + 2) & 0xFFFF, i * MS);
            generator.onPacket((first + i + 1) & 0xFFFF, (i + 1) * MS);
        }

        assertThat(recording.nacks).isEmpty();
        assertThat(generator.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Example
    void asksWhenNothingFollowsTheGapTenTimesThenGivesUpOnce() {
        NackGenerator generator = new NackGenerator(sink, 80 * MS);
        generator.onPacket(65_535, 0);
        generator.onPacket(1, 0);

        List<Long> asked = new ArrayList<>();
        while (generator.nextDeadlineNanos() != Long.MAX_VALUE) {
            long nowNanos = generator.nextDeadlineNanos();
            generator.onTimeout(nowNanos);
            asked.add(nowNanos / MS);
        }

        assertThat(sink.nacks).hasSize(10).containsOnly(0);
        assertThat(asked).startsWith(10L, 90L, 170L).hasSize(11);
        assertThat(sink.unrecoverable).isEqualTo(1);
        assertThat(generator.givenUp()).isEqualTo(1);
    }

    @Example
    void recoveryStopsTheAsking() {
        NackGenerator generator = new NackGenerator(sink, 80 * MS);
        generator.onPacket(10, 0);
        generator.onPacket(12, 0);
        generator.onTimeout(10 * MS);
        generator.onRecovered(11, 20 * MS);

        assertThat(generator.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(generator.recovered()).isEqualTo(1);
        assertThat(sink.nacks).containsExactly(11);
    }

    @Example
    void packetsBeforeAKeyFrameAreNotAskedFor() {
        NackGenerator generator = new NackGenerator(sink, 80 * MS);
        generator.onPacket(10, 0);
        generator.onPacket(12, 0);
        generator.onPacket(20, 0);
        generator.onKeyFrame(15);

        assertThat(generator.outstanding()).isEqualTo(5);
    }

    @Example
    void aGapWiderThanTheWindowIsUnrecoverable() {
        NackGenerator generator = new NackGenerator(sink, 80 * MS);
        generator.onPacket(10, 0);
        for (int packet = 5_000; packet < 5_003; packet++) {
            generator.onPacket(packet, MS);
        }

        assertThat(sink.unrecoverable).isEqualTo(1);
        assertThat(sink.nacks).isEmpty();
        generator.onPacket(5_007, MS);
        assertThat(generator.outstanding()).isEqualTo(4);
    }

    @Example
    void aStreamThatStartsOverIsFollowed() {
        NackGenerator generator = new NackGenerator(sink, 80 * MS);
        generator.onPacket(30_000, 0);
        for (int packet = 20_000; packet < 20_010; packet++) {
            generator.onPacket(packet, MS);
        }
        generator.onPacket(20_014, MS);

        assertThat(sink.nacks).containsExactly(20_010, 20_011);
    }

    /**
     * Checks with random packets and times that the number of awaited packets is bounded, that every request is
     * counted, and that a deadline is never in the past after a time-out.
     */
    @Property(tries = 200)
    void survivesAnyInput(@ForAll Random random) {
        RecordingSink recording = new RecordingSink();
        NackGenerator generator = new NackGenerator(recording, 30 * MS);
        long nowNanos = 0;
        int sequence = random.nextInt();
        for (int i = 0; i < 2_000; i++) {
            nowNanos += random.nextInt(20) * MS;
            sequence += random.nextInt(100) == 0 ? random.nextInt(0x10000) : random.nextInt(8) - 1;
            generator.onPacket(sequence & 0xFFFF, nowNanos);
            if (generator.nextDeadlineNanos() <= nowNanos) {
                generator.onTimeout(nowNanos);
                assertThat(generator.nextDeadlineNanos()).isGreaterThan(nowNanos);
            }
            assertThat(generator.outstanding()).isBetween(0, NackGenerator.WINDOW_PACKETS);
            assertThat(generator.nextDeadlineNanos() == Long.MAX_VALUE).isEqualTo(generator.outstanding() == 0);
        }
        assertThat(generator.requested()).isEqualTo(recording.nacks.size());
    }
}
