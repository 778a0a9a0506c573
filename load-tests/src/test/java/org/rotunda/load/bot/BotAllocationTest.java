package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.receive.FaultCounters;
import org.rotunda.load.bot.receive.IncomingStream;
import org.rotunda.load.bot.source.SyntheticVideo;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.testkit.PeerSdp;

/**
 * Tests that bots allocate almost nothing for each packet that they send or check, because hundreds of bots share one
 * heap.
 */
class BotAllocationTest {
    /**
     * The maximum number of bytes that are allocated per packet. Ciphers and sockets are not part of the measurement.
     * On an overloaded machine 5 bytes were measured.
     */
    private static final long GARBAGE_BYTES_MAX = 16;

    private static final long MS = 1_000_000L;
    private static final int WARM_UP_MS = 20_000;
    private static final int MEASURED_MS = 60_000;
    private static final int COUNTED_PACKETS = 100_000;
    private static final ExtensionLayout EXTENSIONS =
            ExtensionLayout.builder().mid(4, "1").transportSequence(3).build();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Measures on a {@link FastThreadLocalThread}, because Netty reuses its buffer objects only on such threads. */
    @Test
    void sendingAndCheckingPacketsAllocatesAlmostNothing() throws Exception {
        FutureTask<Long> measurement = new FutureTask<>(BotAllocationTest::garbageBytesPerPacket);
        new FastThreadLocalThread(measurement, "measured-loop").start();

        assertThat(measurement.get(120, TimeUnit.SECONDS)).isLessThanOrEqualTo(GARBAGE_BYTES_MAX);
    }

    @Test
    void countingPacketsAllocatesNothing() {
        CountingReceiver receiver = new CountingReceiver(new MediaCounters(), nanos -> {});
        ByteBuf packet = Unpooled.buffer(BotLoop.PACKET_BYTES);
        RtpHeader.write(packet, false, false, PeerSdp.VP8, 0, 0, 1);
        count(receiver, packet, 0, COUNTED_PACKETS);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        count(receiver, packet, COUNTED_PACKETS, 2 * COUNTED_PACKETS);

        assertThat((THREADS.getCurrentThreadAllocatedBytes() - before) / COUNTED_PACKETS)
                .isZero();
    }

    private static void count(CountingReceiver receiver, ByteBuf packet, int from, int to) {
        for (int i = from; i < to; i++) {
            RtpHeader.setSequenceNumber(packet, i & 0xFFFF);
            receiver.onRtp(packet, i);
        }
    }

    private static long garbageBytesPerPacket() {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // Netty's leak detector would allocate a record for each buffer.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        VideoOut out = new VideoOut("camera", "v", SyntheticVideo.single(), random, 0, 0);
        out.setExtensions(TrackExtensions.same(EXTENSIONS, out.streams().size()));
        FaultCounters faults = new FaultCounters();
        Receiver receiver = new Receiver(
                new IncomingStream(out.streams().get(0).ssrc(), "v", true, faults, BotStats.newDelayHistogram()));
        receiver.run(out, 0, WARM_UP_MS);
        long packetsBefore = receiver.packets;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        receiver.run(out, WARM_UP_MS, WARM_UP_MS + MEASURED_MS);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        ResourceLeakDetector.setLevel(level);
        assertThat(faults.details()).isEmpty();
        long packets = receiver.packets - packetsBefore;
        assertThat(packets).isGreaterThan(15_000);
        out.close();
        return allocated / packets;
    }

    /** Passes packets from a sending track directly to a receiving stream. */
    private static final class Receiver implements BotTrack.Sink {
        private final IncomingStream stream;
        private long nowNanos;
        private long packets;

        Receiver(IncomingStream stream) {
            this.stream = stream;
        }

        void run(VideoOut out, long fromMs, long toMs) {
            for (long ms = fromMs; ms < toMs; ms += 5) {
                nowNanos = ms * MS;
                if (out.nextDeadlineNanos() <= nowNanos) {
                    out.onTime(nowNanos, this);
                }
                stream.onTime(nowNanos);
            }
        }

        @Override
        public ByteBuf newPacket() {
            return PooledByteBufAllocator.DEFAULT.heapBuffer(BotLoop.PACKET_BYTES);
        }

        @Override
        public void send(ByteBuf packet, ExtensionLayout extensions) {
            packets++;
            extensions.setTransportSequence(packet, (int) packets & 0xFFFF);
            stream.onPacket(packet, false, nowNanos);
        }
    }
}
