package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.media.net.MediaNetSettings.Transport;
import org.slf4j.LoggerFactory;

/** Tests with real sockets on the loopback interface. */
class MediaLoopsTest {
    private static final int DEADLINE_SECONDS = 10;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final BlockingQueue<ScriptedCore> cores = new LinkedBlockingQueue<>();
    private final BlockingQueue<LoopContext> contexts = new LinkedBlockingQueue<>();

    /** The socket configurations. Every test must pass with each of them. */
    enum Way {
        NIO,
        EPOLL_PLAIN,
        EPOLL_SEGMENTED,
        EPOLL_SEGMENTED_AND_COALESCED
    }

    private MediaLoops<ScriptedCore> open(Way way, int loops) {
        assumeTrue(way == Way.NIO || Epoll.isAvailable());
        MediaNetSettings settings = MediaNetSettings.of("127.0.0.1", 0, loops)
                .withTransport(way == Way.NIO ? Transport.NIO : Transport.EPOLL)
                .withOffloads(
                        way == Way.EPOLL_SEGMENTED || way == Way.EPOLL_SEGMENTED_AND_COALESCED,
                        way == Way.EPOLL_SEGMENTED_AND_COALESCED);
        return MediaLoops.open(settings, allocator, context -> {
            ScriptedCore core = new ScriptedCore();
            cores.add(core);
            contexts.add(context);
            return core;
        });
    }

    private ByteBuf datagram(int length, int number) {
        return allocator.directBuffer(length).writeInt(number).writeZero(length - 4);
    }

    private static int number(byte[] bytes) {
        return (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private void assertNothingLeaked() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    private static DatagramSocket peer() throws IOException {
        DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(DEADLINE_SECONDS * 1000);
        return peer;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRunArrivesAsSingleDatagramsInOrder(Way way) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(way, 1);
                DatagramSocket peer = peer()) {
            InetSocketAddress remote = (InetSocketAddress) peer.getLocalSocketAddress();
            await(loops.loop(0).submit(core -> {
                for (int i = 0; i < 20; i++) {
                    core.queue(datagram(i == 19 ? 700 : 1000, i), remote);
                }
                return "queued";
            }));
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            for (int i = 0; i < 20; i++) {
                peer.receive(packet);
                assertThat(number(packet.getData())).isEqualTo(i);
                assertThat(packet.getLength()).isEqualTo(i == 19 ? 700 : 1000);
            }
            MediaNetStatistics statistics = loops.loop(0).statistics();
            assertThat(statistics.datagramsOut()).isEqualTo(20);
            assertThat(statistics.bytesOut()).isEqualTo(19_700);
            assertThat(statistics.sendFailures()).isZero();
            if (loops.transport().segmentation()) {
                // Bucket 5 counts the sends of up to 32 datagrams.
                assertThat(statistics.sendsBySegments(5)).isEqualTo(1);
            } else {
                assertThat(statistics.sendsBySegments(0)).isEqualTo(20);
            }
        }
        assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void datagramsOfAnotherLoopArriveSinglyAndAreEchoed(Way way) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(way, 2)) {
            ScriptedCore caller = cores.remove();
            ScriptedCore callee = cores.remove();
            await(loops.loop(1).submit(core -> core.echoes = true));
            InetSocketAddress remote = loops.loop(1).localAddress();
            loops.loop(0).execute(core -> {
                for (int i = 0; i < 50; i++) {
                    core.queue(datagram(1200, i), remote);
                }
            });
            for (int i = 0; i < 50; i++) {
                byte[] echo = caller.received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                assertThat(echo).hasSize(1200);
                assertThat(number(echo)).isEqualTo(i);
            }
            assertThat(callee.received).hasSize(50);
            assertThat(loops.loop(1).statistics().datagramsIn()).isEqualTo(50);
            assertThat(loops.loop(1).statistics().bytesIn()).isEqualTo(60_000);
        }
        assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theCoreIsWokenAtItsDeadline(Way way) throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(way, 1)) {
            ScriptedCore core = cores.remove();
            long before = System.nanoTime();
            await(loops.loop(0).submit(any -> core.deadlineNanos = before + TimeUnit.MILLISECONDS.toNanos(20)));
            assertThat(core.calls.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("drain");
            assertThat(core.calls.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("timeout");
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void tasksFromOtherThreadsRunOnTheLoopAndAreFollowedByADrain() throws Exception {
        MediaLoops<ScriptedCore> loops = open(Way.NIO, 1);
        MediaLoop<ScriptedCore> loop = loops.loop(0);
        ScriptedCore core = cores.remove();
        assertThat(loop.isOnLoop()).isFalse();
        assertThat(await(loop.<Boolean>submit(any -> loop.isOnLoop()))).isTrue();
        assertThat(core.calls.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("drain");
        contexts.remove().executor().execute(() -> core.calls.add("from the executor"));
        assertThat(core.calls.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("from the executor");
        assertThat(core.calls.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("drain");
        assertThatThrownBy(() -> await(loop.submit(any -> {
                    throw new IllegalArgumentException("refused");
                })))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);

        loops.close();
        assertThat(core.calls).endsWith("close");
        loop.execute(any -> core.calls.add("late"));
        assertThatThrownBy(() -> await(loop.submit(any -> "late")))
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(core.calls).endsWith("close");
    }

    @Test
    void loopsTickAndMeasureTheirLag() throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(Way.NIO, 2)) {
            LoopTurns turns = new LoopTurns();
            awaitTurns(turns, loops);
            // This task holds the loop, and the next tick measures the lag.
            await(loops.loop(0).submit(core -> {
                spin(TimeUnit.MILLISECONDS.toNanos(120));
                return "held";
            }));
            awaitTurns(turns, loops); // This is the turn that ran the task.
            awaitTurns(turns, loops); // This is the turn of the tick after the task.
            assertThat(loops.loop(0).lagNanosMax()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(60));
            assertThat(loops.loop(0).lagNanos()).isNotNegative();
        }
    }

    /**
     * Tests {@link MediaLoop#waitedNanos}, from which the load of a node is computed. Work on datagrams or tasks must
     * not count as waiting.
     */
    @ParameterizedTest
    @EnumSource(Way.class)
    void onlyTheTimeWithoutWorkCountsAsWaiting(Way way) throws Exception {
        long workNanos = TimeUnit.MILLISECONDS.toNanos(150);
        try (MediaLoops<ScriptedCore> loops = open(way, 1);
                DatagramSocket peer = peer()) {
            MediaLoop<ScriptedCore> loop = loops.loop(0);
            ScriptedCore core = cores.remove();
            long idleBegin = loop.waitedNanos();
            long begin = System.nanoTime();
            while (loop.waitedNanos() - idleBegin < workNanos) {
                assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
                Thread.onSpinWait();
            }

            // The waited time is read on the loop itself, because the loop is not in the middle of a wait then.
            long busyBegin = await(loop.submit(any -> System.nanoTime() - loop.waitedNanos()));
            // The drain after this task spins for workNanos.
            await(loop.submit(any -> core.whileDraining = () -> spin(workNanos)));
            // The drain after this datagram spins for workNanos too.
            peer.send(new DatagramPacket(new byte[4], 4, loop.localAddress()));
            core.received.take();
            long busyEnd = await(loop.submit(any -> {
                core.whileDraining = () -> {};
                return System.nanoTime() - loop.waitedNanos();
            }));
            assertThat(busyEnd - busyBegin).isGreaterThanOrEqualTo(2 * workNanos);
        }
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLoopThatIsBehindTurnsAndOneThatHangsDoesNot() throws Exception {
        try (MediaLoops<ScriptedCore> loops = open(Way.NIO, 1)) {
            LoopTurns turns = new LoopTurns();
            HeldTask first = new HeldTask();
            HeldTask second = new HeldTask();
            loops.loop(0).execute(first);
            loops.loop(0).execute(second);
            first.begun.await();
            turns.haveAllRisen(loops.turns());
            assertThat(turns.haveAllRisen(loops.turns())).isFalse();

            first.end.countDown();
            second.begun.await();

            assertThat(turns.haveAllRisen(loops.turns()))
                    .as("no tick came between the two")
                    .isTrue();
            assertThat(turns.haveAllRisen(loops.turns())).isFalse();
            second.end.countDown();
        }
    }

    /** A hanging loop cannot measure its own lag, so the thread that reads the lag measures it. */
    @Test
    void aHangingLoopShowsItsLagAndIsCountedAsASlowTurn() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LoopWatch.class);
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
        try (MediaLoops<ScriptedCore> loops = open(Way.NIO, 1)) {
            MediaLoop<ScriptedCore> loop = loops.loop(0);
            HeldTask held = new HeldTask();
            loop.execute(held);
            held.begun.await();
            long lagNanos = 2 * LoopWatch.SLOW_NANOS;
            awaitTrue(() -> loop.lagNanosMax() > lagNanos);
            assertThat(loop.statistics().slowTurns()).isZero();

            held.end.countDown();
            awaitTrue(() -> loop.statistics().slowTurns() == 1);
            assertThat(loop.lagNanosMax()).isGreaterThan(lagNanos);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
        assertThat(log.list).singleElement().asString().contains("by scripted");
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
            Thread.onSpinWait();
        }
    }

    /** Blocks the loop until the test releases it. */
    private static final class HeldTask implements Consumer<ScriptedCore> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void accept(ScriptedCore core) {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void awaitTurns(LoopTurns turns, MediaLoops<?> loops) {
        long begin = System.nanoTime();
        while (!turns.haveAllRisen(loops.turns())) {
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
            Thread.onSpinWait();
        }
    }

    @Test
    void aPortInUseFailsTheOpeningAndLeavesNothingOpen() throws Exception {
        try (DatagramSocket taken = peer()) {
            MediaNetSettings settings =
                    MediaNetSettings.of("127.0.0.1", taken.getLocalPort(), 1).withTransport(Transport.NIO);
            assertThatThrownBy(() -> MediaLoops.open(settings, context -> new ScriptedCore()))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theGrantedBufferIsKnownAndACapIsWarnedOf(Way way) {
        assumeTrue(way == Way.NIO || Epoll.isAvailable());
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(MediaLoops.class);
        log.start();
        logger.addAppender(log);
        try {
            Transport transport = way == Way.NIO ? Transport.NIO : Transport.EPOLL;
            MediaNetSettings modest = MediaNetSettings.of("127.0.0.1", 0, 2)
                    .withTransport(transport)
                    .withSocketBuffers(64 * 1024);
            try (MediaLoops<ScriptedCore> loops = MediaLoops.open(modest, context -> new ScriptedCore())) {
                assertThat(loops.transport().grantedBytes(loops.loop(0).channel(), ChannelOption.SO_RCVBUF))
                        .isEqualTo(64 * 1024);
            }
            assertThat(log.list).noneMatch(event -> event.getLevel() == Level.WARN);
            MediaNetSettings greedy = MediaNetSettings.of("127.0.0.1", 0, 2)
                    .withTransport(transport)
                    .withSocketBuffers(1 << 30);
            try (MediaLoops<ScriptedCore> loops = MediaLoops.open(greedy, context -> new ScriptedCore())) {
                assumeTrue(loops.transport().grantedBytes(loops.loop(0).channel(), ChannelOption.SO_RCVBUF) < 1 << 30);
            }
            assertThat(log.list)
                    .filteredOn(event -> event.getLevel() == Level.WARN)
                    .hasSize(1);
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void theKernelsDropsAreKnownOnLinux() {
        try (MediaLoops<ScriptedCore> loops = open(Way.NIO, 1)) {
            boolean linux = System.getProperty("os.name").equals("Linux");
            assertThat(loops.kernelReceiveDrops()).isEqualTo(linux ? 0 : KernelReceiveDrops.UNKNOWN);
        }
    }

    @Test
    void aLoopDoesNotReadFiles() {
        try (MediaLoops<ScriptedCore> loops = open(Way.NIO, 1)) {
            MediaLoop<ScriptedCore> loop = loops.loop(0);
            assertThat(loop.submit(core -> loops.kernelReceiveDrops()).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("media loop");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        List<Runnable> openings = List.of(
                () -> MediaNetSettings.of("127.0.0.1", 65_535, 2),
                () -> MediaNetSettings.of("127.0.0.1", 10_000, 0),
                () -> MediaNetSettings.of("127.0.0.1", 10_000, 1).withSocketBuffers(1));
        for (Runnable opening : openings) {
            assertThatThrownBy(opening::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
