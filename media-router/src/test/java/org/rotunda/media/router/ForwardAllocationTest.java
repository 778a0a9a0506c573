package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.net.HandoverQueue;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.SimulatedLoops;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRoom;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/** Measures the garbage of the packet path on live transports. The network is replaced by code that does nothing. */
class ForwardAllocationTest {
    /**
     * The maximum number of bytes of garbage for each packet sent, without the garbage of the cipher. The number leaves
     * room for reports, feedback and timers.
     */
    private static final long GARBAGE_BYTES_MAX = 32;

    private static final int SUBSCRIBERS = 10;
    // The warm-up lasts longer than the congestion control remembers packets, so that its tables no longer grow.
    private static final int WARM_UP_PACKETS = 12_000;
    private static final int PACKETS = 10_000; // Ten subscribers receive 100,000 packets in total.
    private static final int BATCH = 32;
    // The interval is so short that the test ends before consent expires.
    private static final long PACKET_INTERVAL_NANOS = 1_000_000L;
    private static final int RTP_FIRST_BYTE_MIN = 128;
    private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * Runs the measurement on a thread like that of an event loop, because on other threads Netty does not re-use its
     * buffer objects.
     */
    @Test
    void forwardingMakesHardlyAnyGarbage() throws Exception {
        assertHardlyAnyGarbage(() -> {
            Simulation simulation = new Simulation(8);
            SimulatedRouter router = new SimulatedRouter(simulation, 100, PooledByteBufAllocator.DEFAULT);
            return garbageBytesPerPacket(simulation, router, router, new HandoverQueue(2));
        });
    }

    /** The publisher is on one loop, and the subscribers are on another. */
    @Test
    void forwardingBetweenLoopsMakesHardlyAnyGarbage() throws Exception {
        assertHardlyAnyGarbage(() -> {
            Simulation simulation = new Simulation(8);
            SimulatedLoops node =
                    new SimulatedLoops(simulation, 2, HandoverQueue.CAPACITY, PooledByteBufAllocator.DEFAULT);
            return garbageBytesPerPacket(simulation, node.openOn(0), node.loop(1), node.inbox(1), node);
        });
    }

    private static void assertHardlyAnyGarbage(Callable<Long> work) throws Exception {
        FutureTask<Long> measurement = new FutureTask<>(work);
        Thread loop = new FastThreadLocalThread(measurement, "measured-loop");
        loop.start();
        assertThat(measurement.get(60, TimeUnit.SECONDS))
                .as("bytes per packet sent")
                .isLessThanOrEqualTo(GARBAGE_BYTES_MAX);
    }

    private static long garbageBytesPerPacket(
            Simulation simulation, SimulatedRouter router, SimulatedRouter far, HandoverQueue inbox) {
        return garbageBytesPerPacket(simulation, router, far, inbox, null);
    }

    private static long garbageBytesPerPacket(
            Simulation simulation,
            SimulatedRouter router,
            SimulatedRouter far,
            HandoverQueue inbox,
            @Nullable SimulatedLoops node) {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // The leak detector would keep a record of each buffer.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        SimulatedRoom room = new SimulatedRoom(simulation, router, "RM1");
        PeerOptions options = PeerOptions.CHROMIUM.withProfile(PROFILE);
        SimulatedPeer alice = room.joined("alice", options);
        alice.publishVideo("camera", 1);
        alice.publishAudio("mic");
        room.publish(alice, "MT", "camera", TrackKind.VIDEO);
        room.publish(alice, "MA", "mic", TrackKind.AUDIO);
        if (node != null) {
            room.joinOn(node.openOn(1));
        }
        for (int i = 0; i < SUBSCRIBERS; i++) {
            SimulatedPeer peer = room.joined("peer" + i, options);
            room.subscribe(peer, "v" + i, "MT", TrackKind.VIDEO, alice);
            room.subscribe(peer, "a" + i, "MA", TrackKind.AUDIO, alice);
            simulation.runMs(500);
        }
        simulation.runMs(2_000);
        alice.link().up().mediaLoss(1);
        List<byte[]> datagrams = alice.capture();
        while (datagrams.size() < 2 * (WARM_UP_PACKETS + PACKETS)) {
            simulation.runMs(10_000);
        }

        Feed feed = new Feed(router.core(), far.core(), inbox, alice.address(), simulation.nowNanos());
        List<byte[]> media = datagrams.stream()
                .filter(datagram -> (datagram[0] & 0xFF) >= RTP_FIRST_BYTE_MIN)
                .limit(WARM_UP_PACKETS + PACKETS)
                .toList();
        feed.run(media.subList(0, WARM_UP_PACKETS));
        long sentBefore = feed.sent;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        feed.run(media.subList(WARM_UP_PACKETS, media.size()));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        ResourceLeakDetector.setLevel(level);
        long sent = feed.sent - sentBefore;
        assertThat(sent).isGreaterThan(PACKETS * (SUBSCRIBERS - 1L));

        long cipher = cipherBytesPerPacket();
        router.kill();
        return (allocated - (sent + PACKETS) * cipher) / sent;
    }

    /** Returns the bytes of garbage per packet that encryption alone makes. */
    private static long cipherBytesPerPacket() {
        SrtpKeys keys = SrtpKeys.ofExporter(PROFILE, new byte[PROFILE.keyingMaterialLengthBytes()]);
        SrtpSession session = new SrtpSession(keys, SrtpRole.SERVER);
        ByteBuf plain = Unpooled.buffer().writeByte(0x80).writeZero(199);
        ByteBuf out = Unpooled.buffer(512);
        long before = 0;
        for (int i = 0; i < WARM_UP_PACKETS + PACKETS; i++) {
            if (i == WARM_UP_PACKETS) {
                before = THREADS.getCurrentThreadAllocatedBytes();
            }
            plain.setShort(2, i);
            session.protectRtp(plain, out.clear());
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / PACKETS;
    }

    /** Replaces the socket. Gives the router batches of datagrams, then drains it and runs its timers. */
    private static final class Feed implements Transmitter {
        private final MediaCore core;
        private final RouterCore far;
        private final HandoverQueue inbox;
        private final InetSocketAddress source;
        private final ByteBuf datagram = Unpooled.buffer(2_048);
        private long nowNanos;
        private long sent;

        Feed(MediaCore core, RouterCore far, HandoverQueue inbox, InetSocketAddress source, long nowNanos) {
            this.core = core;
            this.far = far;
            this.inbox = inbox;
            this.source = source;
            this.nowNanos = nowNanos;
        }

        void run(List<byte[]> media) {
            for (int i = 0; i < media.size(); i++) {
                nowNanos += PACKET_INTERVAL_NANOS;
                core.onDatagram(datagram.clear().writeBytes(media.get(i)), source, nowNanos);
                if (i % BATCH == BATCH - 1) {
                    core.drainTo(this);
                    runTimers(core);
                    if (inbox.drainTo(far, nowNanos) > 0) {
                        far.drainTo(this);
                        runTimers(far);
                    }
                }
            }
            core.drainTo(this);
        }

        private void runTimers(MediaCore due) {
            if (nowNanos >= due.nextDeadlineNanos()) {
                due.onTimeout(nowNanos);
                due.drainTo(this);
            }
        }

        @Override
        public void send(ByteBuf outgoing, SocketAddress remote) {
            sent++;
            outgoing.release();
        }

        @Override
        public void sendRun(ByteBuf run, int datagramBytes, SocketAddress remote) {
            sent += (run.readableBytes() + datagramBytes - 1) / datagramBytes;
            run.release();
        }
    }
}
