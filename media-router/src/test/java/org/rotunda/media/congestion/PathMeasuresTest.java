package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.junit.jupiter.api.Test;

/** The small measures: queue, loss, sent rate, missing feedback, and the estimate from receiver reports. */
class PathMeasuresTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final SendHistory history = new SendHistory(0);
    private final FeedbackReader reader = new FeedbackReader(history);
    private final FeedbackMessages messages = new FeedbackMessages();

    @Test
    void queueShouldBeTheDelayAboveItsMinimum() {
        QueueDelay queue = new QueueDelay();
        for (int i = 0; i < 40; i++) {
            history.add(i, 1_200, 0, i * (100 * MS));
            reader.read(messages.about(i, 50_000 + i * 100 + (i < 20 ? 0 : 80)));
            queue.onPackets(reader, i * (100 * MS));
            if (i == 19) {
                assertThat(queue.nanos()).isZero();
            }
        }
        assertThat(queue.nanos()).isEqualTo(80e6, within(1e6));
    }

    @Test
    void queueShouldForgetAnOldMinimum() {
        QueueDelay queue = new QueueDelay();
        for (int i = 0; i < 500; i++) { // 50 s; the route is 80 ms longer from the second packet on.
            history.add(i, 1_200, 0, i * (100 * MS));
            reader.read(messages.about(i, 50_000 + i * 100 + (i == 0 ? 0 : 80)));
            queue.onPackets(reader, i * (100 * MS));
        }
        assertThat(queue.nanos()).isLessThan(1e6);
    }

    @Test
    void variationShouldBeKnownAfterFewPackets() {
        DelayVariation variation = new DelayVariation();
        for (int i = 0; i < 3; i++) {
            history.add(i, 1_200, 0, i * (20 * MS));
            reader.read(messages.about(i, 50_000 + i * 20 + (i % 2) * 8));
            variation.onPackets(reader, Double.POSITIVE_INFINITY);
        }
        assertThat(variation.nanos()).isEqualTo(8e6, within(1e5));
    }

    @Test
    void variationShouldBeTheMeanDifferenceOfDelays() {
        DelayVariation variation = new DelayVariation();
        for (int i = 0; i < 200; i++) {
            history.add(i, 1_200, 0, i * (20 * MS));
            reader.read(messages.about(i, 50_000 + i * 20 + (i % 2) * 8));
            variation.onPackets(reader, Double.POSITIVE_INFINITY);
        }
        assertThat(variation.nanos()).isEqualTo(8e6, within(1e5));
        variation.reset();
        assertThat(variation.nanos()).isZero();
    }

    @Test
    void variationShouldNotCountPacketsThatWaitForEachOther() {
        DelayVariation variation = new DelayVariation();
        for (int i = 0; i < 200; i += 2) { // Two packets leave together, and the second one arrives 9 ms later.
            history.add(i, 1_200, 0, i * (20 * MS));
            history.add(i + 1, 1_200, 0, i * (20 * MS));
            reader.read(messages.about(i, 50_000 + i * 20, 50_009 + i * 20));
            variation.onPackets(reader, Double.POSITIVE_INFINITY);
        }
        assertThat(variation.nanos()).isLessThan(1e5);
    }

    /** 1 200 bytes take 9.6 ms at 1 Mbit/s, and 120 bytes a tenth of that. */
    @Test
    void variationShouldNotCountTheTimeAtASlowBottleneck() {
        DelayVariation variation = new DelayVariation();
        for (int i = 0; i < 600; i += 3) {
            // A large packet, 6 ms later a small one that waits for it, and a small one alone.
            long begin = i * 10L;
            history.add(i, 1_200, 0, begin * MS);
            history.add(i + 1, 120, 0, (begin + 6) * MS);
            history.add(i + 2, 120, 0, (begin + 20) * MS);
            reader.read(messages.about(i, 50_010 + (int) begin, 50_011 + (int) begin, 50_021 + (int) begin));
            variation.onPackets(reader, 1e6);
        }
        assertThat(variation.nanos()).isLessThan(1e6);
    }

    @Test
    void lossShouldBeSmoothedOverASecond() {
        LossRatio ratio = new LossRatio();
        for (int i = 0; i < 100; i++) {
            ratio.add(9, 1, i * (50 * MS));
        }
        assertThat(ratio.ratio()).isEqualTo(0.1, within(0.001));
        for (int i = 100; i < 140; i++) {
            ratio.add(10, 0, i * (50 * MS));
        }
        assertThat(ratio.ratio()).isBetween(0.001, 0.03);
        ratio.add(0, -100, 8 * SECOND);
        assertThat(ratio.ratio()).isZero();
    }

    @Test
    void sentRateShouldCoverTheLastSecond() {
        SentRate rate = new SentRate();
        for (int i = 0; i < 300; i++) {
            rate.onSent(1_250, i * (10 * MS));
        }
        assertThat(rate.bps(3 * SECOND)).isEqualTo(1e6, within(10_000.0));
        assertThat(rate.bps(10 * SECOND)).isZero();
    }

    @Test
    void watchShouldLowerTheRateStepByStepWithoutFeedback() {
        FeedbackWatch watch = new FeedbackWatch();
        assertThat(watch.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        for (int i = 0; i <= 60; i++) {
            watch.onSent(i * (50 * MS));
        }
        assertThat(watch.isLate(3 * SECOND)).isTrue();
        assertThat(watch.nextDeadlineNanos()).isEqualTo(3 * SECOND);
        assertThat(watch.onTimeout(3 * SECOND)).isTrue();
        assertThat(watch.onTimeout(3 * SECOND + MS)).isFalse();
        assertThat(watch.onTimeout(4 * SECOND)).isTrue();
        watch.onFeedback();
        assertThat(watch.isBad()).isFalse();
        assertThat(watch.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void watchShouldNotMindASilentSender() {
        FeedbackWatch watch = new FeedbackWatch();
        watch.onSent(0);
        assertThat(watch.onTimeout(3 * SECOND)).isFalse(); // One packet may be lost.
        assertThat(watch.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void watchShouldLowerTheRateWhileTheRoundTripIsLong() {
        FeedbackWatch watch = new FeedbackWatch();
        watch.onRtt(4 * SECOND, 0);
        assertThat(watch.onTimeout(SECOND)).isTrue();
        watch.onFeedback();
        assertThat(watch.onTimeout(2 * SECOND)).isTrue();
        watch.onRtt(100 * MS, 2 * SECOND);
        watch.onFeedback();
        assertThat(watch.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void reportsShouldGrowWithoutLossAndShrinkWithMuch() {
        ReportControl reports = new ReportControl(1_000_000, 30_000, 30e6, 0);
        for (int i = 1; i <= 10; i++) {
            reports.onReport(100, 1, 5_000_000, 0, i * SECOND);
        }
        assertThat(reports.bps()).isEqualTo(1_000_000 * Math.pow(1.08, 10), within(30_000.0));
        double before = reports.bps();
        reports.onReport(100, 5, 5_000_000, 0, 11 * SECOND);
        assertThat(reports.bps()).isEqualTo(before); // Between two and ten per cent it holds.
        reports.onReport(100, 20, 5_000_000, 0, 12 * SECOND);
        assertThat(reports.bps()).isEqualTo(before * 0.9, within(1.0));
        reports.onReport(100, 20, 5_000_000, 0, 12 * SECOND + 200 * MS);
        assertThat(reports.bps()).isEqualTo(before * 0.9, within(1.0)); // Not more often than each 300 ms.
    }

    @Test
    void reportsShouldNotGrowFarAboveWhatWasSent() {
        ReportControl reports = new ReportControl(1_000_000, 30_000, 30e6, 0);
        for (int i = 1; i <= 100; i++) {
            reports.onReport(100, 0, 800_000, 0, i * SECOND);
        }
        assertThat(reports.bps()).isEqualTo(1_200_000, within(1.0));
    }

    @Test
    void reportsShouldWaitForTwentyPackets() {
        ReportControl reports = new ReportControl(1_000_000, 30_000, 30e6, 0);
        reports.onReport(19, 19, 1_000_000, 0, SECOND);
        assertThat(reports.bps()).isEqualTo(1_000_000);
        reports.onReport(1, 0, 1_000_000, 0, 2 * SECOND);
        assertThat(reports.bps()).isLessThan(600_000);
    }
}
