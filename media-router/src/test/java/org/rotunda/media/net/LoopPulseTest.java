package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the lag of a loop as metrics show it: the maximum of a time window. Reading does not reset it. */
class LoopPulseTest {
    private static final long STALL_NANOS = 300_000_000L;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private long read;
    private final LoopPulse pulse = new LoopPulse(channel.eventLoop(), () -> read);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void everyReaderSeesTheLongestLag() {
        pulse.start();
        advance(LoopPulse.INTERVAL_NANOS + STALL_NANOS);
        read++;
        advance(LoopPulse.IDLE_INTERVAL_NANOS);

        assertThat(pulse.lagNanos()).isZero();
        assertThat(pulse.lagNanosMax()).isEqualTo(STALL_NANOS);
        assertThat(pulse.lagNanosMax()).isEqualTo(STALL_NANOS);
    }

    @Test
    void theLongestLagIsForgottenAfterOneToTwoWindows() {
        pulse.start();
        advance(LoopPulse.INTERVAL_NANOS + STALL_NANOS);
        tickFor(LoopPulse.LAG_WINDOW_NANOS);
        assertThat(pulse.lagNanosMax()).isEqualTo(STALL_NANOS);

        tickFor(LoopPulse.LAG_WINDOW_NANOS + LoopPulse.IDLE_INTERVAL_NANOS);
        assertThat(pulse.lagNanosMax()).isZero();
    }

    @Test
    void aLoopThatReadsNothingTicksLessOften() {
        pulse.start();
        read++;
        advance(LoopPulse.INTERVAL_NANOS);
        assertThat(pulse.ticks()).isEqualTo(1);
        advance(LoopPulse.INTERVAL_NANOS);
        assertThat(pulse.ticks()).isEqualTo(2);

        for (int i = 0; i < 3; i++) {
            advance(LoopPulse.INTERVAL_NANOS);
            assertThat(pulse.ticks()).isEqualTo(2);
        }
        advance(LoopPulse.INTERVAL_NANOS);
        assertThat(pulse.ticks()).isEqualTo(3);
        assertThat(pulse.lagNanosMax()).isZero();

        read++; // The next tick sees it, and those after it come soon.
        advance(LoopPulse.IDLE_INTERVAL_NANOS);
        advance(LoopPulse.INTERVAL_NANOS);
        assertThat(pulse.ticks()).isEqualTo(5);
    }

    @Test
    void aSlowTurnBetweenTheTicksIsALag() {
        pulse.start();
        pulse.onSlowTurn(STALL_NANOS, ticker.nanoTime());

        assertThat(pulse.lagNanosMax()).isEqualTo(STALL_NANOS);
    }

    private void tickFor(long nanos) {
        for (long passed = 0; passed < nanos; passed += LoopPulse.IDLE_INTERVAL_NANOS) {
            advance(LoopPulse.IDLE_INTERVAL_NANOS);
        }
    }

    private void advance(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
