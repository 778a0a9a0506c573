package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProbeResultTest {
    private static final long MS = 1_000_000;

    private final ProbeResult result = new ProbeResult();

    private double probe(int packets, double sentMs, double arrivalMs, int received) {
        result.begin(3, 0);
        result.setMinimum(packets, packets * 1_000);
        for (int i = 0; i < received; i++) {
            result.onPacket(3, (long) (i * sentMs * MS), (long) ((500 + i * arrivalMs) * MS), 1_000);
        }
        return result.bps(0);
    }

    /** Scenario R4: eight packets of 1,000 bytes at 5 ms arrive at 7 ms. */
    @Test
    void shouldUseLessThanTheRateOfArrivalOfASaturatedPath() {
        assertThat(probe(8, 5, 7, 8)).isEqualTo(0.95 * 1_142_857, within(10_000.0));
    }

    @Test
    void shouldUseTheSentRateOfAPathThatIsNotSaturated() {
        assertThat(probe(8, 5, 5, 8)).isEqualTo(1_600_000, within(1.0));
        assertThat(probe(8, 5, 5.3, 8)).isEqualTo(8_000 / 5.3 * 1_000, within(10.0));
        assertThat(probe(8, 5, 4, 8)).isEqualTo(1_600_000, within(1.0));
    }

    @Test
    void shouldNeedFourFifthsOfTheCluster() {
        assertThat(probe(10, 5, 5, 8)).isPositive();
        assertThat(probe(10, 5, 5, 7)).isZero();
    }

    @Test
    void shouldCountPacketsThatWereLostByChance() {
        double all = probe(20, 5, 5, 20);
        assertThat(probe(20, 5, 5, 20, 19, 0)).isLessThan(0.96 * all);
        assertThat(probe(20, 5, 5, 20, 19, 0.06)).isCloseTo(all, within(0.01 * all));
        assertThat(probe(20, 5, 5, 20, 17, 0.06)).isLessThan(0.93 * all); // More is missing than chance explains.
    }

    /** Returns the result of a cluster whose last packet arrived, and from whose middle some packets are missing. */
    private double probe(int packets, double sentMs, double arrivalMs, int last, int received, double randomLoss) {
        probe(packets, sentMs, arrivalMs, 1);
        int missing = last - received;
        for (int i = 1 + missing; i < last; i++) {
            result.onPacket(3, (long) (i * sentMs * MS), (long) ((500 + i * arrivalMs) * MS), 1_000);
        }
        return result.bps(randomLoss);
    }

    @Test
    void shouldRefuseImpossibleIntervals() {
        assertThat(probe(8, 0, 5, 8)).isZero();
        assertThat(probe(8, 5, 0, 8)).isZero();
        assertThat(probe(8, 150, 150, 8)).isZero(); // Longer than a second.
        assertThat(probe(8, 5, 2, 8)).isZero(); // It arrived more than twice as fast as it was sent.
    }

    /** Eighty packets of 1,000 bytes at 1 ms; the first is not delayed, and from the third on all have the longest delay. */
    @Test
    void shouldLeaveOutThePacketsThatComeBeforeTheJitterHasSettled() {
        double[] shown = new double[2];
        for (int settlingMs = 0; settlingMs <= 1; settlingMs++) {
            result.begin(3, settlingMs * 3L * MS);
            result.setMinimum(80, 80_000);
            for (int i = 0; i < 80; i++) {
                long jitter = i == 0 ? 0 : (i == 1 ? 15 : 28) * MS;
                result.onPacket(3, i * MS, 500 * MS + i * MS + jitter, 1_000);
            }
            shown[settlingMs] = result.bps(0);
        }
        assertThat(shown[0]).isLessThan(0.75 * 8e6);
        assertThat(shown[1]).isEqualTo(8e6, within(1.0));
    }

    @Test
    void shouldShowNothingIfAllPacketsCameBeforeTheEndOfTheSettling() {
        result.begin(3, 20 * MS);
        result.setMinimum(5, 5_000);
        for (int i = 0; i < 5; i++) {
            result.onPacket(3, i * MS, 500 * MS + i * MS, 1_000);
        }
        assertThat(result.bps(0)).isZero();
    }

    @Test
    void shouldIgnoreOtherClusters() {
        result.begin(4, 0);
        result.setMinimum(5, 5_000);
        for (int i = 0; i < 8; i++) {
            result.onPacket(3, i * (5 * MS), i * (5 * MS), 1_000);
        }
        assertThat(result.bps(0)).isZero();
    }
}
