package org.rotunda.record.clock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomClockTest {
    private static final long START = 1_700_000_000_000_000L;
    private static final long MS = 1_000;

    private final RoomClock clock = new RoomClock(48_000);
    private int timestamp = -10_000; // Wraps soon.

    /** Returns the time of a frame that follows the last one after {@code rtpMs}, since the start, in ms. */
    private long frame(int rtpMs, long arrivalMs, boolean inaudible) {
        timestamp += 48 * rtpMs;
        return (clock.onFrame(timestamp, START + arrivalMs * MS, inaudible) - START) / MS;
    }

    private void report(long trueMs) {
        clock.onClock(timestamp, START + trueMs * MS, true);
    }

    @Test
    void arrivalSaysTheTimeUntilAReportComes() {
        assertThat(frame(0, 100, false)).isEqualTo(100);
        assertThat(frame(20, 135, false)).isEqualTo(120); // It follows RTP, not the arrival.
        assertThat(clock.isReported()).isFalse();
        clock.onClock(timestamp, START, false);
        assertThat(clock.isReported()).isFalse();
    }

    @Test
    void aReportBeforeTheFirstFrameSaysItsTime() {
        report(80);
        assertThat(frame(20, 130, false)).isEqualTo(100);
        assertThat(clock.steps()).isZero();
    }

    @Test
    void aSmallErrorStands() {
        frame(0, 100, true);
        report(140);
        assertThat(frame(20, 120, true)).isEqualTo(120);
    }

    @Test
    void aLargerErrorIsCorrectedWhereItIsNotHeard() {
        frame(0, 100, false);
        report(159);
        assertThat(frame(20, 120, false)).isEqualTo(120);
        assertThat(frame(20, 140, true)).isEqualTo(199);
        assertThat(frame(20, 160, true)).isEqualTo(219);
        assertThat(clock.steps()).isOne();
    }

    @Test
    void threeLargeErrorsAreCorrectedAtOnce() {
        frame(0, 100, false);
        for (int i = 0; i < 3; i++) {
            report(100 + 20 * i + 300);
            assertThat(frame(20, 120 + 20 * i, false)).isEqualTo(120 + 20 * i + (i == 2 ? 300 : 0));
        }
    }

    @Test
    void oneWildReportMovesNothing() {
        frame(0, 100, true);
        report(100);
        report(50_000);
        assertThat(frame(20, 120, true)).isEqualTo(120);
        report(120);
        assertThat(frame(20, 140, true)).isEqualTo(140);
        assertThat(clock.steps()).isZero();
    }

    @Test
    void aJumpOfTimestampsIsPlacedByArrival() {
        frame(0, 100, false);
        frame(20, 120, false);
        assertThat(frame(28 * 3_600 * 1_000 / 10, 140, false)).isEqualTo(140); // Hours ahead.
        assertThat(frame(20, 160, false)).isEqualTo(160);
        assertThat(clock.resets()).isOne();
    }

    @Test
    void aStallOfTheCaptureIsPlacedByArrival() {
        frame(0, 100, false);
        long last = 0;
        for (int i = 0; i < 100; i++) { // Timestamps went on as if nothing had happened.
            last = frame(20, 18_100 + 20 * i, false);
        }
        assertThat(last).isEqualTo(18_100 + 20 * 99);
        assertThat(clock.resets()).isOne();
    }

    @Test
    void aBurstOfLatePacketsIsNoStall() {
        for (int i = 0; i < 100; i++) {
            frame(20, 100 + 20 * i, false);
        }
        for (int i = 0; i < 150; i++) { // Three seconds were held back.
            assertThat(frame(20, 5_080 + i / 10, false)).isEqualTo(2_100 + 20 * i - 20 + 20);
        }
        frame(20, 5_120, false);
        assertThat(clock.resets()).isZero();
    }

    @Test
    void anotherStreamBeginsAnew() {
        frame(0, 100, false);
        report(100);
        clock.onGeneration();
        assertThat(clock.isReported()).isFalse();
        timestamp = 123_456_789;
        assertThat(frame(0, 3_000, false)).isEqualTo(3_000);
    }
}
