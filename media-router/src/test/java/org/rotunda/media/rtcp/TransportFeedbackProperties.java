package org.rotunda.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Properties of writer and reader: what was written is read again, for all loss patterns, delays and number ranges. */
class TransportFeedbackProperties {

    @Property(tries = 2_000)
    void readsBackTheWrittenStatuses(
            @ForAll @IntRange(max = 0xFFFF) int base,
            @ForAll @IntRange(max = 3_000) int packets,
            @ForAll @IntRange(max = 3) int pattern,
            @ForAll Random random) {
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        TreeMap<Long, Long> arrivals = new TreeMap<>();
        long ticks = 5_000_000L + random.nextInt(100_000);
        long sequence = base + 0x10000L;
        writer.begin(sequence, ticks);
        for (int i = 0; i <= packets && writer.addReceived(sequence, ticks); i++) {
            arrivals.put(sequence, ticks);
            sequence += 1 + lost(pattern, random);
            ticks += random.nextInt(pattern == 0 ? 40 : 300) - (pattern == 3 ? 100 : 0);
        }
        ByteBuf out = Unpooled.buffer(RtcpCompound.LENGTH_BYTES_MAX);
        writer.writeTo(out, 1, 2, 77);

        assertThat(out.readableBytes()).isLessThanOrEqualTo(TransportFeedbackWriter.LENGTH_BYTES_MAX);
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(out)).isNull();
        assertThat(compound.next()).isTrue();
        assertThat(TransportFeedback.isValid(compound)).isTrue();
        assertThat(TransportFeedback.baseSequence(compound)).isEqualTo(base);
        assertThat(TransportFeedback.feedbackCount(compound)).isEqualTo(77);
        assertThat(base + TransportFeedback.statuses(compound) + 0x10000L).isEqualTo(writer.nextSequence());
        long referenceTicks = (long) TransportFeedback.referenceTime(compound) * TransportFeedback.TICKS_PER_REFERENCE;
        TransportFeedback.forEach(compound, new TransportFeedback.Sink() {
            private long expected = base + 0x10000L;

            @Override
            public void onReceived(int sequenceNumber, int receivedTicks) {
                assertThat(sequenceNumber).isEqualTo((int) (expected & 0xFFFF));
                assertThat(arrivals.get(expected)).isEqualTo(referenceTicks + receivedTicks);
                expected++;
            }

            @Override
            public void onNotReceived(int sequenceNumber) {
                assertThat(sequenceNumber).isEqualTo((int) (expected & 0xFFFF));
                assertThat(arrivals).doesNotContainKey(expected);
                expected++;
            }
        });
    }

    @Property(tries = 50)
    void aMessageHoldsTheStreamOfASecondBetweenTwoFeedbacks(@ForAll Random random) {
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        writer.begin(0, 0);
        long sequence = 0;
        while (writer.addReceived(sequence, sequence * 4 + random.nextInt(4))) {
            sequence++;
        }

        assertThat(sequence).isGreaterThan(900);
    }

    private static int lost(int pattern, Random random) {
        return switch (pattern) {
            case 0 -> 0;
            case 1 -> random.nextInt(10) == 0 ? 1 : 0;
            case 2 -> random.nextInt(20) == 0 ? random.nextInt(3_000) : 0;
            default -> random.nextInt(3);
        };
    }
}
