package org.rotunda.load.egress;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.net.MediaLoop;
import org.rotunda.media.net.MediaLoops;
import org.rotunda.media.net.MediaNetSettings;
import org.rotunda.media.net.MediaNetStatistics;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRoom;
import org.rotunda.media.testkit.SimulatedRouter;
import org.rotunda.media.testkit.Simulation;

/**
 * A router on one media loop, a publisher in memory, and receivers with sockets. All transports are connected in a
 * simulation: offers, ICE, DTLS and key frames take no real time. Then the router's core moves to the loop, and each peer
 * to its socket by a connectivity check from there. From then on the peers are mute, apart from checks and
 * reports between two measurements.
 *
 * <p>The bursts are given to the loop as tasks with encrypted datagrams of the publisher. So the loop decrypts and parses
 * each packet once, as in production, and only the read from the socket is missing. Used by one thread.
 */
public final class EgressRig implements AutoCloseable {
    /** The longest measurement. Consent ends after 30 s without a check (RFC 7675 §5.1). */
    public static final Duration MEASURE_MAX = Duration.ofSeconds(20);

    private static final long SEED = 16;
    static final String SUBSCRIPTION = "video";

    private static final String TRACK = "MT1";

    /** The bursts that may be on the way. With fewer, the loop would wait for the receivers' thread, which looks seldom. */
    private static final int BURSTS_AHEAD = 8;

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The time between two reports of fast networks before a measurement. The pacers look at the last second. */
    private static final Duration LEAD_IN_STEP = Duration.ofMillis(1_200);

    /** The greatest number of such steps. Together with {@link #MEASURE_MAX} they take less than consent lasts. */
    private static final int LEAD_IN_STEPS_MAX = 6;

    /** The share of bursts that may still be spread when a measurement begins. */
    private static final double SPREAD_SHARE_MAX = 0.01;

    /** How long the last packets of a measurement may be on the way. A paced packet waits 250 ms at most. */
    private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a lost packet may hold the next burst. */
    private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The shortest time between the captures of two frames, which must differ on the RTP clock. */
    private static final long CAPTURE_NANOS_MIN = 100_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * The options of all peers. Without transport-wide feedback the router controls no congestion, so mute receivers do
     * not look like a broken network.
     */
    private static final PeerOptions OPTIONS =
            PeerOptions.CHROMIUM.withProfile(SrtpProfile.AEAD_AES_128_GCM).withoutTransportFeedback();

    private final EgressShape shape;
    private final Simulation simulation;
    private final SimulatedRouter router;
    private final SimulatedPeer publisher;
    private final List<SimulatedPeer> peers; // The receivers, then the publisher, in the order of the sockets.
    private final Receivers sockets;
    private final List<InetSocketAddress> addresses; // The sockets, in the order of the peers.
    private final MediaLoops<ClockedCore> loops;
    private final MediaLoop<ClockedCore> loop;
    private final long aheadNanos;
    private final ByteBuf datagram = Unpooled.directBuffer(2_048); // Used by the loop.
    private long capturedNanos;

    /** The counters of the loop at one moment, taken on the loop. */
    private record Counts(
            long atNanos,
            long cpuNanos,
            long allocatedBytes,
            long forwarded,
            long datagrams,
            long sends,
            long refused) {
        static Counts of(ClockedCore core, MediaNetStatistics net) {
            long sends = 0;
            for (int bucket = 0; bucket < MediaNetStatistics.bucketCount(); bucket++) {
                sends += net.sendsBySegments(bucket);
            }
            return new Counts(
                    System.nanoTime(),
                    THREADS.getCurrentThreadCpuTime(),
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()),
                    core.core().snapshot().forwardedPackets(),
                    net.datagramsOut(),
                    sends,
                    net.sendFailures() + net.sendQueueDrops() + net.coreFailures());
        }
    }

    private EgressRig(
            EgressShape shape,
            Simulation simulation,
            SimulatedRouter router,
            List<SimulatedPeer> peers,
            Receivers sockets) {
        this.shape = shape;
        this.simulation = simulation;
        this.router = router;
        this.peers = peers;
        this.publisher = peers.get(peers.size() - 1);
        this.sockets = sockets;
        this.addresses = sockets.addresses();
        this.capturedNanos = simulation.nowNanos();
        this.aheadNanos = capturedNanos - System.nanoTime();
        this.loops = MediaLoops.open(
                MediaNetSettings.of("127.0.0.1", 0, 1), context -> new ClockedCore(router.core(), aheadNanos));
        this.loop = loops.loop(0);
    }

    /** Connects everything. Takes some seconds. */
    public static EgressRig open(EgressShape shape) {
        return open(shape, false);
    }

    /** @param keeping whether the receivers keep what they receive, for {@link #replay} */
    static EgressRig open(EgressShape shape, boolean keeping) {
        Simulation simulation = new Simulation(SEED);
        SimulatedRouter router = new SimulatedRouter(simulation, shape.receivers() + 1, PooledByteBufAllocator.DEFAULT);
        List<SimulatedPeer> peers = connect(shape, simulation, router);
        Receivers sockets = Receivers.open(peers.size(), shape.datagramBytes(), keeping);
        EgressRig rig;
        try {
            rig = new EgressRig(shape, simulation, router, peers, sockets);
        } catch (Throwable failure) { // Netty also throws checked bind exceptions without declaring them.
            sockets.close();
            throw failure;
        }
        try {
            rig.moveToSockets();
        } catch (Throwable failure) {
            rig.close();
            throw failure;
        }
        return rig;
    }

    private static List<SimulatedPeer> connect(EgressShape shape, Simulation simulation, SimulatedRouter router) {
        SimulatedRoom room = new SimulatedRoom(simulation, router, "RM1");
        SimulatedPeer publisher = room.joined("publisher", OPTIONS);
        // Without transport-wide feedback the header that the router writes has no extensions.
        publisher
                .publishVideo("camera", 1)
                .withEqualPackets(shape.packets(), shape.packetBytes() - RtpHeader.FIXED_LENGTH_BYTES);
        room.publish(publisher, TRACK, "camera", TrackKind.VIDEO);
        List<SimulatedPeer> peers = new ArrayList<>();
        for (int i = 0; i < shape.receivers(); i++) {
            SimulatedPeer peer = room.joined("receiver" + i, OPTIONS);
            room.subscribe(peer, SUBSCRIPTION, TRACK, TrackKind.VIDEO, publisher);
            peers.add(peer);
        }
        for (SimulatedPeer peer : peers) {
            simulation.await(
                    peer.id() + " gets video",
                    10_000,
                    () -> peer.receives(SUBSCRIPTION)
                            && peer.received(SUBSCRIPTION).packets() > 0);
        }
        publisher.setPublishing(false);
        simulation.runMs(1_000); // Nothing is on the way any more.
        peers.add(publisher);
        for (SimulatedPeer peer : peers) {
            peer.link().up().cut(true); // From now on its packets are only captured.
            peer.capture();
        }
        return peers;
    }

    /** Moves each peer to its socket, by a connectivity check that nominates it. Also renews consent. */
    private void moveToSockets() {
        long answersBefore = sockets.answers();
        for (int i = 0; i < peers.size(); i++) {
            receive(peers.get(i).connectivityCheck(), i);
        }
        if (!Receivers.await(() -> sockets.answers() - answersBefore >= peers.size(), TIMEOUT_NANOS)) {
            throw new IllegalStateException("the router answered only " + (sockets.answers() - answersBefore) + " of "
                    + peers.size() + " checks");
        }
    }

    /**
     * Lets each receiver tell that its network is fast (REMB). The router then sets the rate of its pacer, at least to a
     * multiple of what it has sent in the last second.
     */
    private void reportFastNetworks() {
        for (int i = 0; i < shape.receivers(); i++) {
            SimulatedPeer peer = peers.get(i);
            List<byte[]> out = peer.capture();
            out.clear();
            peer.sendRemb(DownlinkController.MAX_BPS);
            receive(out.get(0), i);
        }
    }

    /** Gives a datagram to the loop as if it had come from the socket of this peer. */
    private void receive(byte[] bytes, int peer) {
        InetSocketAddress source = addresses.get(peer);
        loop.execute(core -> core.onDatagram(Unpooled.wrappedBuffer(bytes), source, System.nanoTime()));
    }

    private List<Integer> ports() {
        return addresses.stream()
                .limit(shape.receivers())
                .map(InetSocketAddress::getPort)
                .toList();
    }

    /** Returns the receivers as the simulation knows them. */
    List<SimulatedPeer> receivers() {
        return peers.subList(0, shape.receivers());
    }

    /** Returns the packets of the last measurement that arrived with a wrong length or after a gap in the numbers. */
    long faults() {
        return sockets.faults();
    }

    /** Returns whether the router sends runs by UDP GSO. */
    public boolean isSegmenting() {
        return loops.transport().segmentation();
    }

    /**
     * Sends bursts until they leave as in a call that lasts, then goes on for some time and returns what the loop did.
     *
     * @param time at most {@link #MEASURE_MAX}
     */
    public EgressSample measure(EgressPace pace, Duration time) {
        if (time.compareTo(MEASURE_MAX) > 0) {
            throw new IllegalArgumentException("longer than consent lasts: " + time);
        }
        moveToSockets();
        EgressSample sample;
        int steps = 0;
        do {
            reportFastNetworks();
            sample = send(pace, LEAD_IN_STEP);
            steps++;
        } while (isSpread(sample) && steps < LEAD_IN_STEPS_MAX);
        reportFastNetworks(); // The pacers then have room for more than the last second had.
        return send(pace, time);
    }

    /** Returns whether the pacers have spread bursts, because their rate is still too low, or sent several at once. */
    private boolean isSpread(EgressSample sample) {
        long others = sample.datagrams() - sample.packets(); // Reports leave one by one.
        long runs = sample.packets() / shape.packets();
        return Math.abs(sample.sends() - others - runs) > runs * SPREAD_SHARE_MAX;
    }

    /** Sends bursts for some time, without anything before. */
    EgressSample send(EgressPace pace, Duration time) {
        sockets.restart();
        long receivedBefore = sockets.packets();
        Counts before = onLoop(core -> Counts.of(core, loop.statistics()));
        long bursts = pace == EgressPace.PACED ? sendPaced(time) : sendSaturated(time);
        Counts after = onLoop(core -> Counts.of(core, loop.statistics()));
        long expected = bursts * shape.packetsOut();
        sockets.await(receivedBefore + expected, ARRIVAL_NANOS);
        if (after.refused > before.refused) {
            throw new IllegalStateException("the loop failed to send " + (after.refused - before.refused) + " times");
        }
        return new EgressSample(
                after.forwarded - before.forwarded,
                after.cpuNanos - before.cpuNanos,
                after.allocatedBytes - before.allocatedBytes,
                after.datagrams - before.datagrams,
                after.sends - before.sends,
                after.atNanos - before.atNanos,
                expected - (sockets.packets() - receivedBefore),
                sockets.faults());
    }

    /**
     * Lets the floor send to the same receivers in place of the router.
     *
     * @throws FloorMissingException if the program does not work here
     */
    public FloorSample measureFloor(FloorProgram floor, EgressPace pace, Duration time) throws FloorMissingException {
        moveToSockets(); // Renews consent, which ends while the router sends nothing.
        sockets.restart();
        long receivedBefore = sockets.packets();
        FloorSample sample = floor.run(shape, pace, time, ports());
        sockets.await(receivedBefore + sample.packets(), ARRIVAL_NANOS);
        return sample.withLost(sample.packets() - (sockets.packets() - receivedBefore));
    }

    private long sendSaturated(Duration time) {
        long receivedBefore = sockets.packets();
        long endNanos = System.nanoTime() + time.toNanos();
        long bursts = 0;
        while (System.nanoTime() - endNanos < 0) {
            List<byte[]> burst = nextBurst();
            // The receivers must keep up, or else the kernel drops what no longer fits in their buffers. The loop only
            // sends and signals nothing, because a signal would cost time on its thread.
            sockets.await(receivedBefore + (bursts - BURSTS_AHEAD) * shape.packetsOut(), LOST_NANOS);
            loop.execute(core -> feed(core, burst));
            bursts++;
        }
        return bursts;
    }

    private long sendPaced(Duration time) {
        long intervalNanos = TimeUnit.SECONDS.toNanos(1) / shape.burstsPerSecond();
        long startNanos = System.nanoTime();
        long bursts = time.toNanos() / intervalNanos;
        for (long sent = 0; sent < bursts; sent++) {
            List<byte[]> burst = nextBurst();
            waitUntil(startNanos + sent * intervalNanos);
            loop.execute(core -> feed(core, burst));
        }
        waitUntil(startNanos + bursts * intervalNanos);
        return bursts;
    }

    private static void waitUntil(long atNanos) {
        for (long leftNanos = atNanos - System.nanoTime(); leftNanos > 0; leftNanos = atNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
    }

    /** Makes the publisher's datagrams of the next frame. */
    private List<byte[]> nextBurst() {
        capturedNanos = Math.max(capturedNanos + CAPTURE_NANOS_MIN, System.nanoTime() + aheadNanos);
        List<byte[]> out = publisher.capture();
        out.clear();
        publisher.sendFrames(capturedNanos);
        return List.copyOf(out);
    }

    /** Gives a burst to the core, as one read batch. Runs on the loop, which then drains the core. */
    private void feed(ClockedCore core, List<byte[]> burst) {
        InetSocketAddress source = addresses.get(peers.size() - 1);
        long nowNanos = System.nanoTime();
        for (byte[] bytes : burst) {
            core.onDatagram(datagram.clear().writeBytes(bytes), source, nowNanos);
        }
    }

    private <T> T onLoop(Function<ClockedCore, T> question) {
        try {
            return loop.submit(question).toCompletableFuture().get(TIMEOUT_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("the media loop does not answer", failure);
        }
    }

    /**
     * Gives what the sockets have kept to the simulated receivers, which decrypt it and check it like a decoder. Requires
     * a closed rig.
     *
     * @return the receivers
     */
    List<SimulatedPeer> replay() {
        List<List<byte[]>> kept = sockets.kept();
        for (int i = 0; i < shape.receivers(); i++) {
            for (byte[] bytes : kept.get(i)) {
                simulation.send(router.address(), peers.get(i).address(), bytes);
            }
        }
        simulation.runMs(1_000);
        return receivers();
    }

    @Override
    public void close() {
        loops.close();
        sockets.close();
        router.kill();
        datagram.release();
    }
}
