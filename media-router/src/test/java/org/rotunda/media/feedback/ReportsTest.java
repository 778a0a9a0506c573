package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.rtcp.ReportBlocks;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtcp.RtcpType;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtcp.SourceDescription;

/** Tests the counts, contents and times of sender and receiver reports. */
class ReportsTest {
    private static final long MS = 1_000_000;
    private static final byte[] CNAME = "rotunda-transport".getBytes(StandardCharsets.UTF_8);

    /** Keeps the last block read, as plain values. */
    private static final class BlockSink implements RtcpSink {
        int fractionLost;
        int cumulativeLost;
        int extendedHighest;
        long jitter;
        int lastSr;
        long delay;
        final Set<Integer> senders = new HashSet<>();
        final Set<Integer> reported = new HashSet<>();

        @Override
        public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
            assertThat(senders.add(ssrc)).isTrue();
        }

        @Override
        public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
            assertThat(reported.add(mediaSsrc)).isTrue();
            fractionLost = ReportBlocks.fractionLost(report, block);
            cumulativeLost = ReportBlocks.cumulativeLost(report, block);
            extendedHighest = ReportBlocks.extendedHighestSequence(report, block);
            jitter = ReportBlocks.jitter(report, block);
            lastSr = ReportBlocks.lastSr(report, block);
            delay = ReportBlocks.delaySinceLastSr(report, block);
        }
    }

    @Property(tries = 300)
    void countsLostPackets(@ForAll @IntRange(max = 0xFFFF) int first, @ForAll Random random) {
        ReceptionStatistics statistics = new ReceptionStatistics(7, 90_000);
        int lost = 0;
        int packets = 20_000; // In about a third of the tries the sequence numbers wrap.
        int interval = 5_000;
        int lostInInterval = 0;
        for (int i = 0; i < packets; i++) {
            boolean drop = i != 0 && i % interval != interval - 1 && random.nextInt(10) == 0;
            if (drop) {
                lost++;
                lostInInterval++;
            } else {
                statistics.onPacket((first + i) & 0xFFFF, i * 900, 10 * MS * i);
            }
            if (i % interval == interval - 1) {
                BlockSink block = blockOf(statistics, 10 * MS * i);
                assertThat(block.fractionLost).isEqualTo((lostInInterval << 8) / interval);
                assertThat(block.cumulativeLost).isEqualTo(lost);
                assertThat(block.extendedHighest).isEqualTo(first + i);
                assertThat(block.jitter).isZero();
                lostInInterval = 0;
            }
        }
    }

    @Example
    void jitterFollowsTheVariationOfTheDelayAndSurvivesTheTimestampWrap() {
        ReceptionStatistics statistics = new ReceptionStatistics(7, 48_000);
        Random random = new Random(1);
        int timestamp = -480_000;
        for (int i = 0; i < 3_000; i++) {
            statistics.onPacket(i, timestamp, 20 * MS * i + 10 * MS * random.nextInt(2));
            timestamp += 960;
        }

        // Half of the delays differ by 10 ms from the delay of the previous packet.
        assertThat(statistics.jitterNanos() / MS).isBetween(4L, 6L);
    }

    @Example
    void aBlockNamesTheLastSenderReportAndItsAge() {
        ReceptionStatistics statistics = new ReceptionStatistics(7, 48_000);
        statistics.onPacket(1, 0, 0);
        assertThat(blockOf(statistics, 0).lastSr).isZero();

        statistics.onSenderReport(0x11112222_33334444L, 100 * MS);
        BlockSink block = blockOf(statistics, 1_600 * MS);

        assertThat(block.lastSr).isEqualTo(0x2222_3333);
        assertThat(block.delay).isEqualTo(3 * 65_536 / 2);
    }

    @Example
    void duplicatesMakeLossNegativeNotHuge() {
        ReceptionStatistics statistics = new ReceptionStatistics(7, 48_000);
        for (int i = 0; i < 10; i++) {
            statistics.onPacket(i / 2, 0, 0);
        }
        BlockSink block = blockOf(statistics, 0);

        assertThat(block.cumulativeLost).isEqualTo(-5);
        assertThat(block.fractionLost).isZero();
    }

    @Example
    void aRestartOfTheStreamIsNotLoss() {
        ReceptionStatistics statistics = new ReceptionStatistics(7, 48_000);
        for (int i = 0; i < 10; i++) {
            statistics.onPacket(i, 0, 0);
        }
        for (int i = 20_000; i < 20_010; i++) {
            statistics.onPacket(i, 0, 0);
        }

        assertThat(statistics.cumulativeLost()).isZero();
    }

    @Property(tries = 200)
    void roundTripIsMeasuredByReportAndAnswer(
            @ForAll @IntRange(min = 1, max = 900) int rttMs, @ForAll @IntRange(max = 3_000) int delayMs) {
        SendStatistics sender = new SendStatistics(7);
        ReceptionStatistics receiver = new ReceptionStatistics(7, 90_000);
        sender.onSent(1_000);
        receiver.onPacket(1, 0, 0);
        // The time on the publisher's clock, which differs from ours.
        long ntp = NtpTime.ofUnixNanos(1_700_000_000_123_456_789L);
        for (int i = 0; i < 3; i++) {
            sender.beginSenderReport(buffer(), ntp + ((long) i << 32), 0, 1_000 * MS * i);
        }
        receiver.onSenderReport(ntp + (1L << 32), 1_000 * MS + rttMs * MS / 2);
        long answered = 1_000 * MS + rttMs * MS / 2 + delayMs * MS;
        ByteBuf report = reportOn(receiver, answered);
        new RtcpReader(new RtcpSink() {
                    @Override
                    public void onReportBlock(int mediaSsrc, RtcpCompound compound, int block) {
                        sender.onReportBlock(compound, block, answered + rttMs * MS / 2);
                    }
                })
                .read(report);

        assertThat(sender.rttNanos()).isCloseTo(rttMs * MS, within(MS));
        assertThat(sender.reportBlocksReceived()).isEqualTo(1);
    }

    @Example
    void aRoundTripIsUnknownUntilAnswered() {
        assertThat(new SendStatistics(7).rttNanos()).isEqualTo(SendStatistics.RTT_UNKNOWN);
    }

    @Property(tries = 100)
    void everyStreamIsReportedOnceARoundInCompoundsThatFitAndCarryTheCname(
            @ForAll @IntRange(max = 100) int senders, @ForAll @IntRange(max = 100) int receivers) {
        RtcpReporter reporter = new RtcpReporter(1, CNAME, new SplittableRandom(1));
        reporter.onVideo(true, 0);
        for (int i = 0; i < senders; i++) {
            SendStatistics statistics = new SendStatistics(1_000 + i);
            statistics.onSent(100);
            reporter.addSender(statistics, clock(true));
        }
        reporter.addSender(new SendStatistics(9_000), clock(true)); // This sender has sent nothing.
        SendStatistics timeless = new SendStatistics(9_001);
        timeless.onSent(1);
        reporter.addSender(timeless, clock(false));
        for (int i = 0; i < receivers; i++) {
            ReceptionStatistics statistics = new ReceptionStatistics(2_000 + i, 90_000);
            statistics.onPacket(1, 1, 0);
            reporter.addReceiver(statistics);
        }
        reporter.addReceiver(new ReceptionStatistics(9_002, 90_000)); // This receiver has received nothing.
        reporter.start(0);

        for (int round = 0; round < 3; round++) {
            long nowNanos = reporter.nextDeadlineNanos();
            BlockSink sink = new BlockSink();
            ByteBuf out = buffer();
            int compounds = 0;
            while (reporter.writeDue(out, nowNanos)) {
                assertThat(out.readableBytes()).isLessThanOrEqualTo(RtcpWriter.LENGTH_BYTES_MAX);
                assertThat(isCompoundWithCname(out)).isTrue();
                new RtcpReader(sink).read(out);
                out.clear();
                compounds++;
            }
            assertThat(compounds).isBetween(1, 8);
            assertThat(sink.senders).hasSize(senders).doesNotContain(9_000, 9_001);
            assertThat(sink.reported).hasSize(receivers);
            assertThat(reporter.nextDeadlineNanos() - nowNanos).isBetween(500 * MS, 1_000 * MS);
        }
    }

    @Example
    void audioReportsEveryFiveSecondsAtMostAndVideoBringsThemForward() {
        RtcpScheduler scheduler = new RtcpScheduler(new SplittableRandom(3));
        assertThat(scheduler.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        scheduler.onStarted(0);
        assertThat(scheduler.nextDeadlineNanos()).isLessThanOrEqualTo(RtcpScheduler.FIRST_INTERVAL_NANOS);
        scheduler.onReported(0);
        assertThat(scheduler.nextDeadlineNanos()).isBetween(2_500 * MS, 5_000 * MS);
        scheduler.onVideo(true, 0);
        assertThat(scheduler.nextDeadlineNanos()).isLessThanOrEqualTo(1_000 * MS);
        scheduler.onStopped();
        assertThat(scheduler.isDue(Long.MAX_VALUE - 1)).isFalse();
    }

    private static boolean isCompoundWithCname(ByteBuf datagram) {
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(datagram)).isNull();
        List<Integer> types = new ArrayList<>();
        boolean named = false;
        while (compound.next()) {
            types.add(compound.packetType());
            named |= SourceDescription.isValid(compound);
        }
        return named && (types.get(0) == RtcpType.SR || types.get(0) == RtcpType.RR);
    }

    private static RtcpReporter.StreamClock clock(boolean known) {
        return new RtcpReporter.StreamClock() {
            @Override
            public boolean isKnown() {
                return known;
            }

            @Override
            public long ntpAt(long nowNanos) {
                return NtpTime.ofUnixNanos(nowNanos);
            }

            @Override
            public int rtpAt(long nowNanos) {
                return 0;
            }
        };
    }

    private static BlockSink blockOf(ReceptionStatistics statistics, long nowNanos) {
        BlockSink sink = new BlockSink();
        new RtcpReader(sink).read(reportOn(statistics, nowNanos));
        return sink;
    }

    private static ByteBuf reportOn(ReceptionStatistics statistics, long nowNanos) {
        ByteBuf out = buffer();
        int report = RtcpWriter.beginReceiverReport(out, 1);
        statistics.writeReportBlockTo(out, nowNanos);
        RtcpWriter.endReport(out, report);
        return out;
    }

    private static ByteBuf buffer() {
        return Unpooled.buffer(1_500);
    }
}
