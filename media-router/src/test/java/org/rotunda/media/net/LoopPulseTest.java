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
    private final LoopPulse pulse = new LoopPulse(channel.eventLoop());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void everyReaderSeesTheLongestLag() {
        pulse.start();
        advance(LoopPulse.INTERVAL_NANOS + STALL_NANOS);
        advance(LoopPulse.INTERVAL_NANOS);

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

        tickFor(LoopPulse.LAG_WINDOW_NANOS + LoopPulse.INTERVAL_NANOS);
        assertThat(pulse.lagNanosMax()).isZero();
    }

    private void tickFor(long nanos) {
        for (long passed = 0; passed < nanos; passed += LoopPulse.INTERVAL_NANOS) {
            advance(LoopPulse.INTERVAL_NANOS);
        }
    }

    private void advance(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
