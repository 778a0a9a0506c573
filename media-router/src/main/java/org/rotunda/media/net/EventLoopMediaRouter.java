package org.rotunda.media.net;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.rotunda.media.control.DelayDistribution;
import org.rotunda.media.control.DownlinkStatistics;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.MediaPlatform;
import org.rotunda.media.control.MediaRouter;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaStatistics;
import org.rotunda.media.control.NetworkQuality;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TcpStatistics;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.ice.IceCandidate;
import org.rotunda.media.router.HostedRooms;
import org.rotunda.media.router.HostedTransport;
import org.rotunda.media.router.RouterCore;
import org.rotunda.media.router.RouterSnapshot;
import org.rotunda.media.sctp.SctpSettings;
import org.rotunda.media.srtp.CryptoProviders;
import org.rotunda.media.transport.CongestionTraces;
import org.rotunda.media.transport.DropStatistics;
import org.rotunda.media.transport.LoopBuffers;
import org.rotunda.media.transport.QualityStatistics;
import org.rotunda.media.transport.TransportEnvironment;

/**
 * The media router of this node. It has event loops, each with its own UDP and TCP port and its own {@link RouterCore}.
 * The table {@link HostedRooms} says which loop has a transport. This is the only implementation of {@link MediaRouter}
 * with sockets.
 */
public final class EventLoopMediaRouter implements MediaRouter {
    /** The interval at which the loops are asked for their counts. {@link #statistics} returns the last sum. */
    private static final long STATISTICS_INTERVAL_MILLIS = 500;

    /** How often the kernel's drops are read, which takes longer the more sockets the host has: each 5 s. */
    private static final int STATISTICS_PER_KERNEL_DROPS = 10;

    private final MediaLoops<RouterCore> loops;
    private final LoadMeter meter; // Samples are added on the timer's thread only.
    private final HostedRooms rooms;
    private final LoopHandovers handovers;
    private final HandshakePool handshakes;
    private final CongestionTraces traces;
    private final MediaPlatform platform;
    private volatile MediaStatistics latest = MediaStatistics.NONE;
    private final ScheduledExecutorService statisticsTimer =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("media-statistics", true));
    private final ScheduledFuture<?> statisticsSchedule;
    private long kernelDrops; // Confined to the timer's thread, like the next field.
    private int sums;
    private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null); // Confined to the timer's thread.
    private final LoopTurns turns = new LoopTurns(); // Confined to the single caller of allLoopsTurned().

    private EventLoopMediaRouter(
            MediaLoops<RouterCore> loops,
            LoadMeter meter,
            HostedRooms rooms,
            LoopHandovers handovers,
            HandshakePool handshakes,
            CongestionTraces traces,
            MediaPlatform platform) {
        this.traces = traces;
        this.platform = platform;
        this.loops = loops;
        this.meter = meter;
        this.rooms = rooms;
        this.handovers = handovers;
        this.handshakes = handshakes;
        this.statisticsSchedule = statisticsTimer.scheduleAtFixedRate(
                this::refreshStatistics, 0, STATISTICS_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Warms up the JVM by handshakes and moves in memory, and then binds the ports. Blocks for some hundred
     * milliseconds.
     *
     * @param listener receives the events of all rooms, each event on the loop of its transport
     */
    public static EventLoopMediaRouter open(MediaSettings settings, MediaListener listener, SecureRandom random) {
        CongestionTraces traces =
                settings.traces().isPresent() ? new TraceFiles(settings.traces().get()) : CongestionTraces.NONE;
        DtlsIdentity identity = DtlsIdentity.generate(random, Clock.systemUTC().instant());
        HandshakePool handshakes = new HandshakePool();
        try {
            HandshakePoolWarmUp.run(identity, handshakes, HandshakePoolWarmUp.ROUNDS);
            MoveWarmUp.run(identity, handshakes, random, MoveWarmUp.ROUNDS);
        } catch (IOException failure) {
            handshakes.close();
            traces.close();
            throw new UncheckedIOException("a DTLS handshake with ourselves failed", failure);
        }
        Map<Integer, List<String>> candidates = new ConcurrentHashMap<>();
        long unixMinusMonotonicNanos = Math.multiplyExact(Clock.systemUTC().millis(), 1_000_000L) - System.nanoTime();
        LoopHandovers handovers = new LoopHandovers(settings.loops());
        MediaLoops<RouterCore> loops;
        try {
            loops = MediaLoops.open(
                    netSettings(settings),
                    context -> new RouterCore(
                            new TransportEnvironment(
                                    context.allocator(),
                                    random,
                                    identity,
                                    handshakes,
                                    context.executor(),
                                    () -> candidates.getOrDefault(context.index(), List.of()),
                                    SctpSettings.DEFAULT,
                                    unixMinusMonotonicNanos,
                                    new DropStatistics(),
                                    new QualityStatistics(),
                                    new EgressPacketWriter(),
                                    new LoopBuffers(),
                                    traces),
                            listener,
                            settings.abandonedAfter().toNanos(),
                            settings.audioWait().toNanos(),
                            handovers.links(context.index())));
        } catch (Throwable failure) { // Netty also throws checked bind exceptions without declaring them.
            handshakes.close();
            traces.close();
            throw failure;
        }
        for (MediaLoop<RouterCore> loop : loops.loops()) {
            candidates.put(loop.index(), candidates(settings, loop));
        }
        handovers.open(loops.loops());
        LoadMeter meter = new LoadMeter(settings);
        HostedRooms rooms = new HostedRooms(
                settings.loops(), settings.transportsMax(), settings.loopShare(), meter::busyShare, random);
        return new EventLoopMediaRouter(loops, meter, rooms, handovers, handshakes, traces, platform(settings, loops));
    }

    @Override
    public void submit(MediaCommand command) {
        HostedTransport transport = rooms.route(command);
        loops.loop(transport.loop()).execute(core -> core.onCommand(transport, command, System.nanoTime()));
    }

    @Override
    public CompletionStage<Optional<RouterRoomView>> describeRoom(String roomSid) {
        List<CompletableFuture<Optional<RouterRoomView>>> parts = new ArrayList<>();
        rooms.find(roomSid).ifPresent(room -> {
            for (MediaLoop<RouterCore> loop : loops.loops()) {
                if (room.isOn(loop.index())) {
                    parts.add(
                            loop.<Optional<RouterRoomView>>submit(core -> core.describeRoom(roomSid, System.nanoTime()))
                                    .toCompletableFuture());
                }
            }
        });
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> parts.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .reduce(RouterRoomView::plus));
    }

    @Override
    public MediaStatistics statistics() {
        // The lag is read here, because a loop that hangs cannot report its lag. The loops report all other figures.
        long lagNanosMax = 0;
        for (MediaLoop<RouterCore> loop : loops.loops()) {
            lagNanosMax = Math.max(lagNanosMax, loop.lagNanosMax());
        }
        return latest.withLoopLagNanosMax(lagNanosMax);
    }

    private void refreshStatistics() {
        rooms.forgetEmpty(System.nanoTime());
        meter.add(sample()); // A sample needs no answer of the loops, so a loop that hangs counts as busy.
        if (asked.isDone()) {
            asked = collect();
        }
    }

    private LoadMeter.Sample sample() {
        List<Long> waitedNanos = new ArrayList<>();
        long bytesOut = 0;
        long packetsIn = 0;
        long packetsOut = 0;
        for (MediaLoop<RouterCore> loop : loops.loops()) {
            waitedNanos.add(loop.waitedNanos());
            bytesOut += loop.statistics().bytesOut();
            packetsIn += loop.statistics().datagramsIn();
            packetsOut += loop.statistics().datagramsOut();
        }
        return new LoadMeter.Sample(System.nanoTime(), waitedNanos, bytesOut, packetsIn, packetsOut);
    }

    /**
     * Asks every loop for its counts without waiting, and stores the sum after all loops have answered. The sum is
     * computed on the timer's thread, because {@link #sum} reads kernel files.
     */
    private CompletableFuture<Void> collect() {
        List<CompletableFuture<RouterSnapshot>> snapshots = loops.loops().stream()
                .map(loop -> loop.submit(RouterCore::snapshot).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(snapshots.toArray(CompletableFuture[]::new))
                .thenRunAsync(
                        () -> latest = sum(
                                snapshots.stream().map(CompletableFuture::join).toList()),
                        statisticsTimer);
    }

    private MediaStatistics sum(List<RouterSnapshot> snapshots) {
        Map<String, Long> drops = new HashMap<>();
        snapshots.forEach(
                snapshot -> snapshot.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum)));
        Map<String, Long> faults = new HashMap<>();
        snapshots.forEach(
                snapshot -> snapshot.faults().forEach((place, count) -> faults.merge(place, count, Long::sum)));
        Map<Integer, Long> sends = new TreeMap<>();
        long packetsIn = 0;
        long bytesIn = 0;
        long packetsOut = 0;
        long bytesOut = 0;
        long lagNanosMax = 0;
        long slowTurns = 0;
        if (sums++ % STATISTICS_PER_KERNEL_DROPS == 0) {
            kernelDrops = loops.kernelReceiveDrops();
        }
        TcpStatistics tcp = TcpStatistics.NONE;
        long[] delays = new long[DelayDistribution.BUCKETS];
        long delaySumNanos = 0;
        for (MediaLoop<RouterCore> loop : loops.loops()) {
            MediaNetStatistics net = loop.statistics();
            packetsIn += net.datagramsIn();
            bytesIn += net.bytesIn();
            packetsOut += net.datagramsOut();
            bytesOut += net.bytesOut();
            lagNanosMax = Math.max(lagNanosMax, loop.lagNanosMax());
            slowTurns += net.slowTurns();
            faults.merge("loop", net.coreFailures(), Long::sum);
            drops.merge("read_failed", net.readFailures(), Long::sum);
            drops.merge("send_failed", net.sendFailures(), Long::sum);
            drops.merge("send_queue_full", net.sendQueueDrops(), Long::sum);
            drops.merge("tcp_queue_full", net.tcpQueueDrops(), Long::sum);
            tcp = tcp.plus(net.tcp());
            for (int bucket = 0; bucket < MediaNetStatistics.bucketCount(); bucket++) {
                sends.merge(MediaNetStatistics.bucketMax(bucket), net.sendsBySegments(bucket), Long::sum);
            }
            net.addDelaysTo(delays);
            delaySumNanos += net.delaySumNanos();
        }
        drops.merge("dtls_handshake_gave_way", handshakes.givenWay(), Long::sum);
        int transports = snapshots.stream().mapToInt(RouterSnapshot::transports).sum();
        return new MediaStatistics(
                snapshots.stream().mapToInt(RouterSnapshot::rooms).sum(),
                transports,
                snapshots.stream().mapToInt(RouterSnapshot::publications).sum(),
                snapshots.stream().mapToInt(RouterSnapshot::subscriptions).sum(),
                packetsIn,
                bytesIn,
                packetsOut,
                bytesOut,
                snapshots.stream().mapToLong(RouterSnapshot::forwardedPackets).sum(),
                snapshots.stream().mapToLong(RouterSnapshot::relayedPackets).sum(),
                snapshots.stream().mapToLong(RouterSnapshot::keyFrameRequests).sum(),
                snapshots.stream().mapToLong(RouterSnapshot::retransmissions).sum(),
                drops,
                faults,
                sends,
                new DelayDistribution(Arrays.stream(delays).boxed().toList(), delaySumNanos),
                snapshots.stream().map(RouterSnapshot::quality).reduce(NetworkQuality.NONE, NetworkQuality::plus),
                lagNanosMax,
                slowTurns,
                kernelDrops,
                meter.load(transports),
                tcp,
                snapshots.stream()
                        .map(RouterSnapshot::downlinks)
                        .reduce(DownlinkStatistics.NONE, DownlinkStatistics::plus));
    }

    @Override
    public boolean allLoopsTurned() {
        return turns.haveAllRisen(loops.turns());
    }

    @Override
    public void close() {
        statisticsSchedule.cancel(false);
        statisticsTimer.shutdown();
        loops.close();
        handovers.close();
        handshakes.close();
        traces.close();
    }

    private static MediaNetSettings netSettings(MediaSettings settings) {
        MediaNetSettings net = MediaNetSettings.of(settings.bind(), settings.port(), settings.loops())
                .withOffloads(settings.segmentation(), false)
                .withTcp(settings.tcp());
        return settings.nativeTransport() ? net : net.withTransport(MediaNetSettings.Transport.NIO);
    }

    private static MediaPlatform platform(MediaSettings settings, MediaLoops<RouterCore> loops) {
        return new MediaPlatform(
                CryptoProviders.corretto() != null,
                loops.transport().epoll(),
                loops.transport().segmentation(),
                loops.loops().stream()
                        .map(loop -> advertisedUdp(settings, loop).toString())
                        .toList());
    }

    /** Returns what this router uses of its machine. */
    public MediaPlatform platform() {
        return platform;
    }

    private static Advertised advertisedUdp(MediaSettings settings, MediaLoop<RouterCore> loop) {
        return settings.advertise().isEmpty()
                ? Advertised.of(loop.localAddress())
                : Advertised.parse(settings.advertise().get(loop.index()));
    }

    /** Returns the candidates of a loop: its UDP port, and its TCP port if it has one. */
    private static List<String> candidates(MediaSettings settings, MediaLoop<RouterCore> loop) {
        Advertised udp = advertisedUdp(settings, loop);
        String host = IceCandidate.host(udp.address(), udp.port(), 0).attributeValue();
        InetSocketAddress tcpBound = loop.tcpAddress();
        if (tcpBound == null) {
            return List.of(host);
        }
        Advertised tcp = advertisedTcp(settings, loop, udp, tcpBound);
        return List.of(
                host, IceCandidate.tcpPassive(tcp.address(), tcp.port(), 0).attributeValue());
    }

    /**
     * Returns the address of a loop's TCP port for clients. Without a setting of its own, it is the address that clients
     * have for UDP. The port is then the same too, if the bound ports are the same.
     */
    private static Advertised advertisedTcp(
            MediaSettings settings, MediaLoop<RouterCore> loop, Advertised udp, InetSocketAddress tcpBound) {
        if (!settings.tcp().advertise().isEmpty()) {
            return Advertised.parse(settings.tcp().advertise().get(loop.index()));
        }
        boolean samePort = tcpBound.getPort() == loop.localAddress().getPort();
        return new Advertised(udp.address(), samePort ? udp.port() : tcpBound.getPort());
    }

    /** The address of one of our ports, as clients know it. The address is an IP address. */
    private record Advertised(String address, int port) {
        static Advertised of(InetSocketAddress bound) {
            return new Advertised(bound.getAddress().getHostAddress(), bound.getPort());
        }

        static Advertised parse(String advertised) {
            int colon = advertised.lastIndexOf(':');
            return new Advertised(
                    advertised.substring(0, colon).replaceAll("[\\[\\]]", ""),
                    Integer.parseInt(advertised.substring(colon + 1)));
        }

        @Override
        public String toString() {
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }
}
