package org.rotunda.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the reader of RTCP compounds: what was read of a packet can be written and read again. */
class RtcpFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(compound(true), compound(false)),
                Stream.of(
                                // REMB of 1 Mbit/s for two SSRCs; a source description with two chunks; a padded PLI.
                                "8fce00060000000100000000" + "52454d42" + "0207d090" + "0000000200000003",
                                "82ca0005000000010103616263000000" + "0000000201017a00",
                                "a1ce00030000000100000002" + "00000004",
                                // Feedback with runs and vectors of both symbol sizes.
                                "8fcd0007000000010000000200010019000001072005a000d5000104020104000000000000000000")
                        .map(ByteBufUtil::decodeHexDump));
    }

    private static byte[] compound(boolean isSender) {
        ByteBuf out = Unpooled.buffer(RtcpCompound.LENGTH_BYTES_MAX);
        int report = isSender
                ? RtcpWriter.beginSenderReport(out, 1, 0x0102030405060708L, 9, 10, 11)
                : RtcpWriter.beginReceiverReport(out, 1);
        RtcpWriter.reportBlock(out, 2, 64, -3, 70_000, 5, 6, 7);
        RtcpWriter.reportBlock(out, 3, 0, 8_000_000, 70_000, 5, 6, 7);
        RtcpWriter.endReport(out, report);
        RtcpWriter.cname(out, 1, "cname".getBytes(StandardCharsets.UTF_8));
        RtcpWriter.nack(out, 1, 2, new int[] {1, 3, 17, 18, 65_535}, 5);
        RtcpWriter.pli(out, 1, 2);
        RtcpWriter.fir(out, 1, 2, 3);
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        writer.begin(65_530, 1_000);
        for (int i = 0; i < 24; i++) {
            writer.addReceived(65_530 + i + i / 6 * 5, 1_000 + i * (i % 5 == 0 ? 300 : 3));
        }
        writer.writeTo(out, 1, 2, 3);
        RtcpWriter.bye(out, 1);
        return ByteBufUtil.getBytes(out);
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrDrops(byte[] bytes) {
        ByteBuf datagram = FuzzInput.datagram(bytes);
        Counts counts = new Counts();
        new RtcpReader(counts).read(datagram);
        assertThat(counts.items).isLessThanOrEqualTo(RtcpCompound.LENGTH_BYTES_MAX * 5);

        RtcpCompound compound = new RtcpCompound();
        if (compound.wrap(datagram) != null) {
            assertThat(compound.next()).isFalse();
            return;
        }
        int packets = 0;
        while (compound.next()) {
            packets++;
            assertThat(compound.lengthBytes()).isBetween(RtcpCompound.HEADER_LENGTH_BYTES, bytes.length);
            writesTheReport(compound);
            writesTheName(compound);
            writesTheNack(compound);
            writesTheFeedback(compound);
            if (Remb.isValid(compound)) {
                assertThat(Remb.bitrateBps(compound)).isNotNegative();
                for (int i = 0; i < Remb.ssrcs(compound); i++) {
                    Remb.ssrc(compound, i);
                }
            }
        }
        assertThat(packets).isBetween(1, RtcpCompound.PACKETS_MAX);
        assertThat(ByteBufUtil.getBytes(datagram)).isEqualTo(bytes);
    }

    private static void writesTheReport(RtcpCompound packet) {
        ByteBuf out = Unpooled.buffer();
        int start;
        if (SenderReport.isValid(packet)) {
            start = RtcpWriter.beginSenderReport(
                    out,
                    SenderReport.ssrc(packet),
                    SenderReport.ntpTimestamp(packet),
                    SenderReport.rtpTimestamp(packet),
                    SenderReport.packetCount(packet),
                    SenderReport.octetCount(packet));
        } else if (ReceiverReport.isValid(packet)) {
            start = RtcpWriter.beginReceiverReport(out, ReceiverReport.ssrc(packet));
        } else {
            return;
        }
        for (int block = 0; block < packet.count(); block++) {
            RtcpWriter.reportBlock(
                    out,
                    ReportBlocks.ssrc(packet, block),
                    ReportBlocks.fractionLost(packet, block),
                    ReportBlocks.cumulativeLost(packet, block),
                    ReportBlocks.extendedHighestSequence(packet, block),
                    (int) ReportBlocks.jitter(packet, block),
                    ReportBlocks.lastSr(packet, block),
                    (int) ReportBlocks.delaySinceLastSr(packet, block));
        }
        RtcpWriter.endReport(out, start);
        RtcpCompound again = again(out);
        assertThat(again.packetType()).isEqualTo(packet.packetType());
        assertThat(again.count()).isEqualTo(packet.count());
        // A packet may end with a profile-specific extension, which we do not write.
        assertThat(again.lengthBytes()).isLessThanOrEqualTo(packet.lengthBytes());
        for (int at = 4; at < again.lengthBytes(); at++) {
            assertThat(again.unsignedByteAt(at)).isEqualTo(packet.unsignedByteAt(at));
        }
    }

    private static void writesTheName(RtcpCompound packet) {
        if (!SourceDescription.isValid(packet) || packet.count() == 0) {
            return;
        }
        int ssrc = packet.intAt(RtcpCompound.HEADER_LENGTH_BYTES);
        String name = SourceDescription.cname(packet, ssrc);
        if (name != null) {
            ByteBuf out = Unpooled.buffer();
            RtcpWriter.cname(out, ssrc, name.getBytes(StandardCharsets.UTF_8));
            RtcpCompound again = again(out);
            assertThat(SourceDescription.isValid(again)).isTrue();
            assertThat(SourceDescription.cname(again, ssrc)).isEqualTo(name);
        }
    }

    private static void writesTheNack(RtcpCompound packet) {
        if (!GenericNack.isValid(packet)) {
            return;
        }
        int[] numbers = numbers(packet);
        ByteBuf out = Unpooled.buffer(RtcpCompound.LENGTH_BYTES_MAX, RtcpCompound.LENGTH_BYTES_MAX);
        int written = RtcpWriter.nack(out, 1, FeedbackHeader.mediaSsrc(packet), numbers, numbers.length);
        if (written == numbers.length && written > 0) {
            RtcpCompound again = again(out);
            assertThat(GenericNack.isValid(again)).isTrue();
            assertThat(FeedbackHeader.mediaSsrc(again)).isEqualTo(FeedbackHeader.mediaSsrc(packet));
            assertThat(set(numbers(again))).isEqualTo(set(numbers));
        }
    }

    private static int[] numbers(RtcpCompound nack) {
        List<Integer> numbers = new ArrayList<>();
        GenericNack.forEach(nack, numbers::add);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private static BitSet set(int[] numbers) {
        BitSet set = new BitSet();
        for (int number : numbers) {
            set.set(number);
        }
        return set;
    }

    private static void writesTheFeedback(RtcpCompound packet) {
        if (!TransportFeedback.isValid(packet)) {
            return;
        }
        Statuses read = new Statuses();
        TransportFeedback.forEach(packet, read);
        assertThat(read.statuses).hasSize(TransportFeedback.statuses(packet));
        long base = 0x10000L + TransportFeedback.baseSequence(packet);
        TransportFeedbackWriter writer = new TransportFeedbackWriter();
        writer.begin(base, 0);
        int last = -1;
        for (int i = 0; i < read.statuses.size(); i++) {
            Long ticks = read.statuses.get(i);
            if (ticks.longValue() != Statuses.LOST.longValue()) {
                if (!writer.addReceived(base + i, ticks)) {
                    return; // The writer sends shorter messages than a reader accepts.
                }
                last = i;
            }
        }
        if (last >= 0) {
            ByteBuf out = Unpooled.buffer();
            writer.writeTo(out, 1, 2, 3);
            RtcpCompound again = again(out);
            assertThat(TransportFeedback.isValid(again)).isTrue();
            Statuses written = new Statuses();
            TransportFeedback.forEach(again, written);
            assertThat(written.statuses).isEqualTo(read.statuses.subList(0, last + 1));
        }
    }

    private static RtcpCompound again(ByteBuf out) {
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(out))))
                .isNull();
        assertThat(compound.next()).isTrue();
        return compound;
    }

    /** The statuses of one feedback message: the ticks of a received packet, or {@link #LOST}. */
    private static final class Statuses implements TransportFeedback.Sink {
        static final Long LOST = Long.MIN_VALUE;

        final List<Long> statuses = new ArrayList<>();

        @Override
        public void onReceived(int sequenceNumber, int ticks) {
            statuses.add((long) ticks);
        }

        @Override
        public void onNotReceived(int sequenceNumber) {
            statuses.add(LOST);
        }
    }

    /** Counts what a reader passes on. */
    private static final class Counts implements RtcpSink {
        int items;

        @Override
        public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
            items++;
        }

        @Override
        public void onBye(int ssrc) {
            items++;
        }

        @Override
        public void onNack(int mediaSsrc, int sequenceNumber) {
            items++;
        }

        @Override
        public void onFir(int mediaSsrc, int commandSequence) {
            items++;
        }
    }
}
