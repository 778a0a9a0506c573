package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AcknowledgedRateTest {
    private static final long MS = 1_000_000;

    private final AcknowledgedRate rate = new AcknowledgedRate();

    @Test
    void shouldKnowNothingBeforeTenPackets() {
        for (int i = 0; i < AcknowledgedRate.PACKETS_REQUIRED; i++) {
            assertThat(rate.bps()).isZero();
            rate.onPacket(i * (10 * MS), i * (10 * MS), 1_250);
        }
        assertThat(rate.bps()).isEqualTo(1e6, within(1.0));
    }

    @Test
    void shouldFollowAChangeWithinItsWindow() {
        long now = 0;
        for (int i = 0; i < 200; i++) {
            now += 10 * MS;
            rate.onPacket(now, now, 1_250);
        }
        for (int i = 0; i < 30; i++) {
            now += 20 * MS;
            rate.onPacket(now, now, 1_250);
        }
        assertThat(rate.bps()).isEqualTo(0.5e6, within(25_000.0));
    }

    @Test
    void shouldNotTakeAStallForALowRate() {
        long now = 0;
        for (int i = 0; i < 60; i++) {
            now += i == 30 ? 200 * MS : 10 * MS;
            rate.onPacket(i * (10 * MS), now, 1_250);
        }
        assertThat(rate.bps()).isEqualTo(1e6, within(30_000.0));
    }

    @Test
    void shouldTakeTheSentRateWhenPacketsArriveInABurst() {
        for (int i = 0; i < 40; i++) {
            rate.onPacket(i * (20 * MS), 1_000 * MS + i * MS, 1_250);
        }
        assertThat(rate.bps()).isEqualTo(0.5e6, within(10_000.0));
    }

    /** Sends 1 Mbit/s for two seconds, and then some packets with other spaces between departures and arrivals. */
    private void sendThen(int packets, long sentSpaceNanos, long arrivalSpaceNanos) {
        for (int i = 0; i < 200; i++) {
            rate.onPacket(i * (10 * MS), i * (10 * MS), 1_250);
        }
        for (int i = 0; i < packets; i++) {
            rate.onPacket(2_000 * MS + i * sentSpaceNanos, 2_000 * MS + i * arrivalSpaceNanos, 1_250);
        }
    }

    @Test
    void shouldFollowACollapseAtOnce() {
        sendThen(15, 10 * MS, 25 * MS);
        assertThat(rate.isFallen(0.95)).isTrue();
        assertThat(rate.carriedBps(1e6)).isEqualTo(0.4e6, within(10_000.0));
    }

    @Test
    void shouldNotTakeAPauseOfTheSourceForACollapse() {
        sendThen(15, 19 * MS, 20 * MS);
        assertThat(rate.isFallen(0.95)).isFalse();
        assertThat(rate.carriedBps(1e6)).isEqualTo(rate.bps());
    }

    @Test
    void shouldSeeTheCapacityInABurstUpToTheEstimate() {
        sendThen(25, 5 * MS, 7 * MS);
        assertThat(rate.bps()).isBetween(1e6, 1.3e6);
        assertThat(rate.carriedBps(2e6)).isEqualTo(1.43e6, within(10_000.0));
        assertThat(rate.carriedBps(1.35e6)).isEqualTo(1.35e6);
        assertThat(rate.carriedBps(1e6)).isEqualTo(rate.bps());
    }

    @Test
    void shouldNotTakeFasterPacketsWithoutAQueueForTheCapacity() {
        sendThen(25, 7 * MS, 7 * MS);
        assertThat(rate.carriedBps(2e6)).isEqualTo(rate.bps());
    }

    @Test
    void shouldBoundItsWindow() {
        for (int i = 0; i < 5_000; i++) {
            rate.onPacket(i, i, 1_250);
        }
        assertThat(rate.bps()).isFinite().isPositive();
    }

    @Test
    void shouldBeginAnewWhenTheClockIsSetBack() {
        for (int i = 0; i < 40; i++) {
            rate.onPacket(i * (10 * MS), 100_000 * MS + i * (10 * MS), 1_250);
        }
        rate.onPacket(400 * MS, 0, 1_250);
        assertThat(rate.bps()).isZero();
    }
}
