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
