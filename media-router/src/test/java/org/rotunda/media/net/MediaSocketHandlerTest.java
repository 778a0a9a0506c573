package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.control.DelayDistribution;
import org.rotunda.media.time.Deadline;

class MediaSocketHandlerTest {
    private static final long MS = 1_000_000;
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 1);
    private static final InetSocketAddress US = new InetSocketAddress("192.0.2.2", 2);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final ScriptedCore core = new ScriptedCore();
    private final MediaNetStatistics statistics = new MediaNetStatistics();
    private final MediaSocketHandler<ScriptedCore> handler = new MediaSocketHandler<>(
            core, false, statistics, new LoopWatch(0, core::handled, statistics, (held, now) -> {}));
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().handlers(handler).ticker(ticker).build();

    private static DatagramPacket datagram(String text) {
        return new DatagramPacket(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), US, PEER);
    }

    private void advance(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aReadBatchIsFedWholeBeforeTheDrainAndHasOneTimeOfArrival() {
        ticker.advance(7, TimeUnit.NANOSECONDS);
        DatagramPacket first = datagram("one");
        channel.writeInbound(first, datagram("two"), datagram("three"));
        assertThat(core.calls).containsExactly("datagram", "datagram", "datagram", "drain");
        assertThat(core.arrivals).containsExactly(7L, 7L, 7L);
        assertThat(first.refCnt()).isZero();
        assertThat(statistics.datagramsIn()).isEqualTo(3);
        assertThat(statistics.bytesIn()).isEqualTo(11);
        assertThat(statistics.readBatches()).isEqualTo(1);
    }

    @Test
    void datagramsOfTheCoreAreWrittenAndFlushed() {
        core.echoes = true;
        channel.writeInbound(datagram("ping"));
        DatagramPacket answer = channel.readOutbound();
        assertThat(answer.recipient()).isEqualTo(PEER);
        assertThat(answer.content().toString(StandardCharsets.US_ASCII)).isEqualTo("ping");
        answer.release();
    }

    @Test
    void theAgeOfTheBatchIsCountedForEveryDatagramItCaused() {
        core.echoes = true;
        core.whileDraining = () -> ticker.advance(3, TimeUnit.MILLISECONDS);
        channel.writeInbound(datagram("one"), datagram("two"));

        long[] delays = new long[DelayDistribution.BUCKETS];
        statistics.addDelaysTo(delays);
        assertThat(delays[DelayDistribution.bucketOf(3 * MS)]).isEqualTo(2);
        assertThat(statistics.delaySumNanos()).isEqualTo(6 * MS);
    }

    @Test
    void aBatchThatCausesNothingHasNoDelay() {
        channel.writeInbound(datagram("silence"));

        long[] delays = new long[DelayDistribution.BUCKETS];
        statistics.addDelaysTo(delays);
        assertThat(delays).containsOnly(0);
    }

    @Test
    void theCoreIsWokenAtItsDeadline() {
        core.deadlineNanos = 5 * MS;
        handler.onTask(any -> {});
        advance(5 * MS - 1);
        assertThat(core.calls).containsExactly("drain");
        advance(1);
        assertThat(core.calls).containsExactly("drain", "timeout", "drain");
        advance(100 * MS);
        assertThat(core.calls).hasSize(3);
    }

    /** The differences between these deadlines and the time of the loop overflow. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE / 2})
    void aDeadlineFarInThePastIsMetAtOnce(long deadlineNanos) {
        core.deadlineNanos = deadlineNanos;
        handler.onTask(any -> {});
        core.calls.clear();
        advance(MS);
        assertThat(core.calls).containsExactly("timeout", "drain");
    }

    @Test
    void anEarlierDeadlineReplacesThePendingWakeUp() {
        core.deadlineNanos = 50 * MS;
        handler.onTask(any -> {});
        core.deadlineNanos = 5 * MS;
        handler.onTask(any -> {});
        core.calls.clear();
        advance(5 * MS);
        assertThat(core.calls).containsExactly("timeout", "drain");
        advance(50 * MS);
        assertThat(core.calls).hasSize(2); // The old wake-up was cancelled.
    }

    @Test
    void aDeadlineThatMovedOnIsMetAfterAnEmptyWakeUp() {
        core.deadlineNanos = 5 * MS;
        handler.onTask(any -> {});
        core.deadlineNanos = 9 * MS;
        handler.onTask(any -> {});
        core.calls.clear();
        advance(5 * MS);
        assertThat(core.calls).containsExactly("drain");
        advance(4 * MS);
        assertThat(core.calls).containsExactly("drain", "timeout", "drain");
    }

    @Test
    void aDeadlineInThePastDoesNotSpinTheLoop() {
        ticker.advance(10 * MS, TimeUnit.NANOSECONDS);
        core.deadlineNanos = 1;
        handler.onTask(any -> {});
        advance(MediaSocketHandler.WAKE_UP_STEP_NANOS - 1);
        assertThat(core.calls).containsExactly("drain");
        advance(1);
        assertThat(core.calls).containsExactly("drain", "timeout", "drain");
    }

    @ParameterizedTest
    @ValueSource(longs = {4 * MS + 1, 4 * MS + 500_000, 5 * MS})
    void deadlinesWithinOneStepAreMetTogether(long deadlineNanos) {
        core.deadlineNanos = deadlineNanos;
        handler.onTask(any -> {});
        core.calls.clear();
        advance(5 * MS - 1);
        assertThat(core.calls).isEmpty();
        advance(1);
        assertThat(core.calls).containsExactly("timeout", "drain");
    }

    @Test
    void aDeadlineAtTheEndOfTheRangeIsNeverMet() {
        core.deadlineNanos = Deadline.NO_DEADLINE - 1;
        handler.onTask(any -> {});
        core.calls.clear();
        advance(TimeUnit.DAYS.toNanos(1));
        assertThat(core.calls).isEmpty();
    }

    @Test
    void aFailureOfTheCoreIsCountedAndTheBatchGoesOn() {
        channel.writeInbound(datagram("X"), datagram("fine"));
        assertThat(core.calls).containsExactly("datagram", "datagram", "drain");
        handler.onTask(any -> {
            throw new IllegalStateException("a broken invariant, on purpose");
        });
        assertThat(core.calls).endsWith("drain", "drain");
        assertThat(statistics.coreFailures()).isEqualTo(2);
    }

    @Test
    void anErrorIsPassedToTheThreadsHandlerWhereverItIsThrown() {
        List<Throwable> passed = new ArrayList<>();
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((failed, error) -> passed.add(error));
        try {
            handler.onTask(any -> {
                throw new NoClassDefFoundError("a broken class, on purpose");
            });
            core.whileDraining = () -> {
                core.whileDraining = () -> {};
                throw new StackOverflowError("on purpose");
            };
            channel.writeInbound(datagram("fine"));
            channel.pipeline().fireExceptionCaught(new InternalError("on purpose"));
            channel.pipeline().fireExceptionCaught(new IllegalStateException("no Error, on purpose"));
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(passed)
                .hasExactlyElementsOfTypes(NoClassDefFoundError.class, StackOverflowError.class, InternalError.class);
        assertThat(statistics.coreFailures()).isEqualTo(4);
    }

    @Test
    void aRefusedReadIsCountedAndNotThrown() {
        channel.pipeline().fireExceptionCaught(new IOException("no buffer space available"));
        assertThat(statistics.readFailures()).isEqualTo(1);
        assertThat(statistics.sendFailures()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void closingReleasesTheCoreOnceAndEndsItsWakeUps() {
        ByteBuf unsent = Unpooled.buffer().writeByte(1);
        core.deadlineNanos = 5 * MS;
        handler.onTask(any -> {});
        core.queue(unsent, PEER);
        channel.close().syncUninterruptibly();
        advance(10 * MS);
        handler.onTask(any -> core.calls.add("late task"));
        assertThat(core.calls).containsExactly("drain", "close");
        assertThat(unsent.refCnt()).isZero();
        assertThat(core.deadlineNanos).isNotEqualTo(Deadline.NO_DEADLINE);
    }
}
