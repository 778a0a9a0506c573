package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.junit.jupiter.api.Test;

class ProbeControllerTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final CongestionStatistics statistics = new CongestionStatistics();
    private final ProbeController probes = new ProbeController(statistics);
    private final PathState path = new PathState();
    private long now = 10 * SECOND;
    private long packet;

    ProbeControllerTest() {
        path.normal = true;
        path.sampled = true;
        estimate(1_000_000);
    }

    private void estimate(double bps) {
        path.estimateBps = bps;
        probes.onEstimate(bps, now);
    }

    private void media() {
        probes.onSent(1_200, ++packet, now);
    }

    private record Cluster(double bps, int packets, int bytes, long nanos) {}

    /** Sends the cluster that is due, with timers that are exact, and returns its rate. */
    private Cluster sendCluster() {
        probes.onTimeout(path, now);
        long began = now;
        int bytes = 0;
        int packets = 0;
        int lastSize = 0;
        long last = now;
        while (probes.bytesDue(now) > 0 || probes.nextDeadlineNanos() < now + 50 * MS) {
            int due = probes.bytesDue(now);
            if (due == 0) {
                now = Math.max(now + 1, probes.nextDeadlineNanos());
                continue;
            }
            lastSize = Math.min(due, 1_200);
            bytes += lastSize;
            packets++;
            last = now;
            probes.onSent(lastSize, ++packet, now);
        }
        return new Cluster(last == began ? 0 : (bytes - lastSize) * 8e9 / (last - began), packets, bytes, last - began);
    }

    /** Tells that the last cluster arrived at a rate. */
    private double arrive(Cluster cluster, double bps) {
        double nanosPerPacket = cluster.nanos * cluster.bps / bps / (cluster.packets - 1);
        for (int i = 0; i < cluster.packets; i++) {
            probes.onAcknowledged(
                    (int) statistics.probes(),
                    cluster.nanos / (cluster.packets - 1) * i,
                    (long) (nanosPerPacket * i),
                    cluster.bytes / cluster.packets);
        }
        now += 100 * MS;
        return probes.takeResult(packet + 100, 0, now);
    }

    /** Lets the initial cluster fail, so that later reasons can be tested. */
    private void skipInitial() {
        probes.onDemand(2_500_000, 0, 0, now);
        media();
        sendCluster();
        now += 2 * SECOND;
        probes.onTimeout(path, now);
        assertThat(probes.isStarting()).isFalse();
    }

    @Test
    void shouldDoNothingBeforeTheFirstPacketOrWithoutDemand() {
        probes.onDemand(2_500_000, 0, 0, now);
        probes.onTimeout(path, now);
        assertThat(probes.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        probes.onDemand(0, 0, 0, now);
        media();
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        assertThat(statistics.probes()).isZero();
    }

    @Test
    void shouldProbeThreeTimesTheEstimateAtFirstAndDoubleAfterEachGoodResult() {
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        Cluster first = sendCluster();
        assertThat(first.bps).isCloseTo(3e6, within(0.3e6));
        assertThat(first.packets).isGreaterThanOrEqualTo(5);
        assertThat(first.nanos).isBetween(10 * MS, 25 * MS);
        double shown = arrive(first, first.bps);
        estimate(shown);
        Cluster second = sendCluster();
        assertThat(second.bps).isCloseTo(2 * shown, within(0.1 * 2 * shown));
        assertThat(statistics.probesUseful()).isEqualTo(1);
    }

    @Test
    void shouldStartUntilTheLastOfTheFirstClustersIsOver() {
        probes.onDemand(0, 0, 0, now);
        assertThat(probes.isStarting()).as("nothing is wanted").isFalse();
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        Cluster first = sendCluster();
        assertThat(probes.isStarting()).isTrue();
        estimate(arrive(first, first.bps));
        Cluster second = sendCluster();
        assertThat(probes.isStarting()).isTrue();
        estimate(arrive(second, 0.5 * second.bps));
        probes.onTimeout(path, now);
        assertThat(probes.isStarting()).isFalse();
        now = probes.nextDeadlineNanos();
        sendCluster();
        assertThat(probes.isStarting()).as("a later cluster is out").isFalse();
        probes.reset();
        assertThat(probes.isStarting()).as("another path").isTrue();
    }

    @Test
    void shouldStartForAWhileIfTheFirstClusterShowsNothing() {
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        long began = now;
        arrive(sendCluster(), 900_000);
        probes.onTimeout(path, now);
        assertThat(probes.isStarting()).isTrue();
        probes.onTimeout(path, began + ProbeController.START_NANOS);
        assertThat(probes.isStarting()).isFalse();
    }

    @Test
    void shouldStartNoLongerIfNoClusterIsWorthIt() {
        probes.onDemand(9_000_000, 0, 1_040_000, now);
        media();
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        assertThat(probes.isStarting()).isFalse();
    }

    @Test
    void shouldStopAfterASaturatedResult() {
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        estimate(arrive(sendCluster(), 1_500_000));
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        assertThat(probes.nextDeadlineNanos()).isGreaterThan(now + 4 * SECOND);
    }

    @Test
    void shouldNotProbeAboveTheDemandOrTheCap() {
        probes.onDemand(1_500_000, 0, 0, now);
        media();
        assertThat(sendCluster().bps).isCloseTo(1_650_000, within(200_000.0));
        ProbeController capped = new ProbeController(statistics);
        capped.onDemand(9_000_000, 0, 1_040_000, now);
        capped.onSent(1_200, 1, now);
        capped.onTimeout(path, now);
        assertThat(capped.bytesDue(now)).isZero(); // Nothing worth a probe lies below the cap.
    }

    @Test
    void shouldProbeUnmetDemandAgainWithGrowingIntervals() {
        skipInitial();
        long previous = now;
        double seconds = 0;
        for (int i = 0; i < 3; i++) {
            now = probes.nextDeadlineNanos();
            Cluster cluster = sendCluster();
            assertThat(cluster.bps).isCloseTo(1_500_000, within(200_000.0));
            assertThat(cluster.nanos).isBetween(20 * MS, 45 * MS);
            now += 2 * SECOND;
            probes.onTimeout(path, now); // No result came.
            double waited = (now - previous) / 1e9;
            assertThat(waited).isGreaterThan(seconds);
            seconds = waited;
            previous = now;
        }
    }

    @Test
    void shouldProbeAtOnceWhenTheDemandGrows() {
        skipInitial();
        probes.onDemand(5_000_000, 1_800_000, 0, now);
        assertThat(sendCluster().bps).isCloseTo(1_800_000, within(250_000.0));
    }

    /** After a decrease the room names the layers that it tolerates, which need less than the next step did. */
    @Test
    void shouldProbeSoonWhenTheDemandFallsToALittleAboveTheEstimate() {
        skipInitial();
        probes.onDemand(2_500_000, 1_600_000, 0, now);
        sendCluster();
        long began = now;
        probes.onDemand(2_500_000, 1_120_000, 0, now);
        now += 2 * SECOND;
        probes.onTimeout(path, now); // No result came.
        assertThat(probes.nextDeadlineNanos()).isGreaterThan(now);

        probes.onDemand(2_500_000, 1_100_000, 0, now); // The same step.
        assertThat(probes.nextDeadlineNanos()).isGreaterThan(now);
        probes.onDemand(2_500_000, 1_050_000, 0, now);
        assertThat(probes.nextDeadlineNanos()).isLessThanOrEqualTo(now);
        assertThat(now - began).isLessThan(ProbeController.INTERVAL_NANOS);
    }

    @Test
    void shouldNeverAskForMoreThanTwiceTheEstimateLater() {
        skipInitial();
        probes.onDemand(20_000_000, 15_000_000, 0, now);
        assertThat(sendCluster().bps).isCloseTo(2_000_000, within(250_000.0));
    }

    @Test
    void shouldNotProbeWhileThePathIsInTrouble() {
        skipInitial();
        now += 60 * SECOND;
        path.normal = false;
        probes.onTimeout(path, now);
        path.normal = true;
        path.queueNanos = 50e6;
        probes.onTimeout(path, now);
        path.queueNanos = 0;
        path.loss = 0.03;
        probes.onTimeout(path, now);
        path.loss = 0;
        path.lossLimited = true;
        probes.onTimeout(path, now);
        path.lossLimited = false;
        path.feedbackBad = true;
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        assertThat(probes.nextDeadlineNanos()).isGreaterThan(now); // The loop is not called again at once.
        path.feedbackBad = false;
        now += SECOND;
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isPositive();
    }

    @Test
    void shouldAbortAClusterWhenTheDelayRises() {
        skipInitial();
        now = probes.nextDeadlineNanos();
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isPositive();
        path.normal = false;
        probes.onTimeout(path, now + 10 * MS);
        assertThat(probes.bytesDue(now + 10 * MS)).isZero();
        assertThat(statistics.probesAborted()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpAClusterThatTheTransportDoesNotSend() {
        skipInitial();
        now = probes.nextDeadlineNanos();
        probes.onTimeout(path, now);
        probes.onTimeout(path, now + 200 * MS);
        assertThat(statistics.probesAborted()).isEqualTo(1);
        now = probes.nextDeadlineNanos();
        probes.onTimeout(path, now);
        probes.cancel(now);
        assertThat(probes.bytesDue(now)).isZero();
        assertThat(statistics.probesAborted()).isEqualTo(2);
    }

    @Test
    void shouldProbeNearTheOldRateAfterALargeDropOfALimitedSender() {
        skipInitial();
        estimate(2_000_000);
        estimate(900_000);
        path.recentlyApplicationLimited = true;
        assertThat(sendCluster().bps).isCloseTo(1_700_000, within(200_000.0));
        now += 2 * SECOND;
        probes.onTimeout(path, now);
        probes.onTimeout(path, now + MS);
        assertThat(probes.bytesDue(now + MS)).isZero(); // Not twice for one drop.
    }

    @Test
    void shouldProbeEachEightSecondsAtLeast() {
        skipInitial();
        for (int i = 0; i < 8; i++) {
            now = probes.nextDeadlineNanos();
            probes.onTimeout(path, now);
            probes.cancel(now);
        }
        assertThat(probes.nextDeadlineNanos() - now).isEqualTo(ProbeController.INTERVAL_NANOS_MAX);
    }

    /** Lets an ordinary cluster show that the bottleneck carries 950 kbit/s after the discount, and no more. */
    private void saturate() {
        skipInitial();
        probes.onDemand(5_000_000, 1_020_000, 0, now);
        now = probes.nextDeadlineNanos();
        assertThat(arrive(sendCluster(), 1_050_000)).isCloseTo(997_500, within(20_000.0));
    }

    @Test
    void shouldProbeOnlyAsFastAsANearStepNeeds() {
        saturate();
        now = probes.nextDeadlineNanos();
        Cluster near = sendCluster();
        assertThat(near.bps).isCloseTo(1.03 * 1_020_000, within(80_000.0));
        assertThat(near.nanos).isGreaterThan(40 * MS);
        assertThat(arrive(near, near.bps)).isCloseTo(near.bps, within(0.1 * near.bps));
        estimate(1_050_000);
        assertThat(statistics.probesUseful()).isEqualTo(1);
        assertThat(probes.bytesDue(now)).isZero(); // It is no reason for another one at twice the rate.
    }

    @Test
    void shouldRepeatANearClusterAndThenSendAnOrdinaryOne() {
        saturate();
        for (int i = 0; i < ProbeController.NEAR_FAILURES_MAX; i++) {
            long before = now;
            now = probes.nextDeadlineNanos();
            assertThat(now - before).isLessThanOrEqualTo(ProbeController.INTERVAL_NANOS_MAX);
            Cluster near = sendCluster();
            assertThat(near.bps).as("cluster %s", i).isLessThan(1_200_000);
            arrive(near, 900_000);
        }
        now = probes.nextDeadlineNanos();
        assertThat(sendCluster().bps).isCloseTo(1_500_000, within(200_000.0));
    }

    @Test
    void shouldProbeForAStepThatNeedsMoreThanTheDemand() {
        skipInitial();
        estimate(2_540_000);
        probes.onDemand(2_500_000, 2_560_000, 0, now); // A step needs a margin above its cost.
        now = probes.nextDeadlineNanos();
        assertThat(sendCluster().bps).isCloseTo(1.03 * 2_560_000, within(200_000.0));
    }

    @Test
    void shouldConfirmAHighResultIfTheJitterIsHigh() {
        path.jitterNanos = 10e6;
        skipInitial();
        now = probes.nextDeadlineNanos();
        Cluster first = sendCluster();
        assertThat(first.nanos).isGreaterThan(80 * MS);
        assertThat(arrive(first, first.bps)).isZero();
        Cluster second = sendCluster();
        assertThat(second.bps).isCloseTo(first.bps, within(100_000.0));
        assertThat(arrive(second, 1_000_000)).isCloseTo(0.95 * 1_000_000 * (1 - 3e6 / 240e6), within(30_000.0));
        assertThat(probes.bytesDue(now)).isZero();
    }

    @Test
    void shouldGiveUpAnUnconfirmedResultWithoutFurtherClusters() {
        path.jitterNanos = 10e6;
        skipInitial();
        now = probes.nextDeadlineNanos();
        Cluster first = sendCluster();
        arrive(first, first.bps);
        probes.onTimeout(path, now);
        path.normal = false;
        probes.onTimeout(path, now + MS);
        path.normal = true;
        probes.onTimeout(path, now + 2 * MS);
        assertThat(probes.bytesDue(now + 2 * MS)).isZero();
        assertThat(probes.nextDeadlineNanos()).isGreaterThan(now + 4 * SECOND);
    }

    @Test
    void shouldProbeWhileLossIsRandom() {
        skipInitial();
        path.loss = 0.06;
        now = probes.nextDeadlineNanos();
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        path.randomLoss = 0.08;
        now = probes.nextDeadlineNanos();
        assertThat(sendCluster().bps).isCloseTo(1_500_000, within(200_000.0));
    }

    @Test
    void shouldNotProbeAClientThatNeverReports() {
        path.sampled = false;
        probes.onDemand(2_500_000, 0, 0, now);
        media();
        now += ProbeController.FIRST_FEEDBACK_NANOS;
        assertThat(sendCluster().packets).isPositive();
        now += 2 * SECOND;
        for (int i = 0; i < 10; i++) {
            now = probes.nextDeadlineNanos();
            probes.onTimeout(path, now);
        }
        assertThat(statistics.probes()).isEqualTo(1);
    }

    @Test
    void shouldWaitForTheFirstFeedbackBeforeTheFirstCluster() {
        path.sampled = false;
        probes.onDemand(2_500_000, 0, 0, now);
        media();
        probes.onTimeout(path, now);
        assertThat(probes.nextDeadlineNanos()).isEqualTo(now + ProbeController.FIRST_FEEDBACK_NANOS);
        now += 200 * MS;
        probes.onDemand(2_900_000, 0, 0, now); // More demand is no reason to begin without feedback.
        probes.onTimeout(path, now);
        assertThat(probes.bytesDue(now)).isZero();
        path.sampled = true;
        assertThat(sendCluster().packets).isPositive();
    }

    @Test
    void shouldProbeAgainSoonIfTheJitterWasUnknownAtTheFirstCluster() {
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        long began = now;
        estimate(arrive(sendCluster(), 1_500_000));
        probes.onTimeout(path, now);
        path.jitterNanos = 10e6;
        probes.onTimeout(path, now);
        assertThat(probes.nextDeadlineNanos()).isEqualTo(began + SECOND);
        now = began + SECOND;
        assertThat(sendCluster().packets).isPositive();
    }

    @Test
    void shouldProbeSlowlyAndMoreOftenIfTheJitterIsHigh() {
        path.jitterNanos = 10e6;
        skipInitial();
        now = probes.nextDeadlineNanos();
        Cluster cluster = sendCluster();
        assertThat(cluster.bps).isCloseTo(1.25e6, within(50_000.0));
        assertThat(cluster.nanos).isBetween(220 * MS, 250 * MS);
        assertThat(probes.ownQueueNanos()).isEqualTo(50e6); // A quarter of 240 ms is more than what counts.
        arrive(cluster, cluster.bps);
        Cluster confirming = sendCluster();
        arrive(confirming, confirming.bps);
        assertThat(statistics.probesUseful()).isEqualTo(1);
        assertThat(probes.nextDeadlineNanos()).isEqualTo(now + ProbeController.INTERVAL_NANOS_WITH_JITTER);
    }

    @Test
    void shouldSendALongNearClusterIfTheJitterIsHigh() {
        skipInitial();
        now = probes.nextDeadlineNanos();
        estimate(arrive(sendCluster(), 1_100_000)); // It saturates the bottleneck, so the next step is near.
        path.jitterNanos = 10e6;
        probes.onDemand(2_500_000, 1_120_000, 0, now);
        now = Math.max(now, probes.nextDeadlineNanos());
        assertThat(sendCluster().nanos).isBetween(210 * MS, 260 * MS);
    }

    @Test
    void shouldCountMediaTowardsACluster() {
        probes.onDemand(20_000_000, 0, 0, now);
        media();
        probes.onTimeout(path, now);
        for (int i = 0; i < 10; i++) {
            media();
        }
        assertThat(probes.bytesDue(now + 10 * MS)).isZero();
        assertThat(probes.isIdle()).isFalse(); // Its result is awaited.
    }
}
