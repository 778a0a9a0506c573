package org.rotunda.media.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.rotunda.media.router.MediaCore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media event loops of a node, each with one UDP port, one TCP port if wanted, and one core. {@link #open} and {@link
 * #close} block. Any thread may call the other methods.
 */
public final class MediaLoops<C extends MediaCore> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaLoops.class);
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    /** Makes the core of one loop, before its socket is bound. */
    @FunctionalInterface
    public interface CoreFactory<C extends MediaCore> {
        C create(LoopContext context);
    }

    private final Meters meters;
    private MediaTransport transport; // open() replaces the transport after the offload probe.
    private final MultiThreadIoEventLoopGroup group;
    private final ByteBufAllocator allocator;
    private final List<MediaLoop<C>> loops = new ArrayList<>();
    private final KernelReceiveDrops kernelReceiveDrops = new KernelReceiveDrops();
    private final List<Runnable> looks = new ArrayList<>(); // The looks of the watchdog, one for each loop.
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("media-watchdog", true));

    /** Makes the I/O handlers of the loops, each with a measure of the time in which its loop waits. */
    private static final class Meters implements IoHandlerFactory {
        private final IoHandlerFactory factory;
        private final IdentityHashMap<ThreadAwareExecutor, MeteredIoHandler> byLoop = new IdentityHashMap<>();

        Meters(IoHandlerFactory factory) {
            this.factory = factory;
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor loop) {
            MeteredIoHandler handler = new MeteredIoHandler(factory.newHandler(loop));
            byLoop.put(loop, handler);
            return handler;
        }

        MeteredIoHandler of(EventLoop loop) {
            MeteredIoHandler handler = byLoop.get(loop);
            if (handler == null) {
                throw new IllegalStateException("not a loop of this group: " + loop);
            }
            return handler;
        }
    }

    private MediaLoops(
            Meters meters, MediaTransport transport, MultiThreadIoEventLoopGroup group, ByteBufAllocator allocator) {
        this.meters = meters;
        this.transport = transport;
        this.group = group;
        this.allocator = allocator;
    }

    /**
     * Opens the sockets and starts the loops.
     *
     * @throws io.netty.channel.ChannelException or a BindException if a port cannot be bound; nothing stays open then
     */
    public static <C extends MediaCore> MediaLoops<C> open(MediaNetSettings settings, CoreFactory<C> factory) {
        return open(settings, PooledByteBufAllocator.DEFAULT, factory);
    }

    /**
     * Makes the threads of the loops. They ask for the highest priority, which the JVM grants only to root with {@code
     * -XX:ThreadPriorityPolicy=1}. A loop that waits for a CPU gives its packets late arrival times, and the
     * publisher's congestion control mistakes the wait for delay in the network.
     */
    private static DefaultThreadFactory loopThreads() {
        return new DefaultThreadFactory("media-loop", true, Thread.MAX_PRIORITY);
    }

    static <C extends MediaCore> MediaLoops<C> open(
            MediaNetSettings settings, ByteBufAllocator allocator, CoreFactory<C> factory) {
        MediaTransport transport = new MediaTransport(MediaTransport.isEpollWanted(settings), false, false);
        Meters meters = new Meters(transport.ioHandlerFactory());
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(settings.loops(), loopThreads(), meters);
        MediaLoops<C> loops = new MediaLoops<>(meters, transport, group, allocator);
        try {
            if (transport.epoll()) {
                loops.transport = OffloadProbe.run(group, settings.segmentation(), settings.coalescing());
            }
            for (int index = 0; index < settings.loops(); index++) {
                loops.loops.add(loops.bind(settings, index, factory));
            }
        } catch (Throwable failure) { // Netty also throws checked bind exceptions without declaring them.
            loops.close();
            throw failure;
        }
        loops.watchdog.execute(() -> loops.look(0));
        LOG.info("{} media loops from {}, {}", settings.loops(), loops.loop(0).localAddress(), loops.transport);
        loops.warnWhenBuffersAreCapped(settings.socketBufferBytes());
        return loops;
    }

    private MediaLoop<C> bind(MediaNetSettings settings, int index, CoreFactory<C> factory) {
        EventLoop eventLoop = group.next();
        MediaNetStatistics statistics = new MediaNetStatistics();
        LateExecutor executor = new LateExecutor(eventLoop);
        C core = factory.create(new LoopContext(index, allocator, executor));
        LoopPulse pulse = new LoopPulse(eventLoop, statistics::readBatches);
        LoopWatch watch = new LoopWatch(index, core::handled, statistics, pulse::onSlowTurn);
        MediaSocketHandler<C> handler = new MediaSocketHandler<>(core, transport.segmentation(), statistics, watch);
        executor.bind(handler);
        int port = settings.port() == 0 ? 0 : settings.port() + index;
        Channel channel = transport
                .bootstrap(settings.socketBufferBytes(), allocator)
                .group(eventLoop)
                .handler(handler)
                .bind(settings.bind(), port)
                .syncUninterruptibly()
                .channel();
        TcpPort tcp = null;
        try {
            if (settings.tcp().enabled()) {
                tcp = bindTcp(settings, index, channel, handler, statistics);
            }
        } catch (Throwable failure) { // Netty also throws checked bind exceptions without declaring them.
            channel.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
            throw failure;
        }
        pulse.start();
        looks.add(() -> watch.look(LoopClock.nanoTime(eventLoop)));
        return new MediaLoop<>(index, channel, tcp, handler, pulse, meters.of(eventLoop), statistics);
    }

    private TcpPort bindTcp(
            MediaNetSettings settings,
            int index,
            Channel channel,
            MediaSocketHandler<C> handler,
            MediaNetStatistics statistics) {
        int udpPort = ((InetSocketAddress) channel.localAddress()).getPort();
        return TcpPort.open(
                transport.tcpBootstrap(allocator),
                channel.eventLoop(),
                settings,
                index,
                udpPort,
                new TcpConnections(handler, settings.tcp(), statistics));
    }

    /**
     * Looks at all loops, and does so again: soon if they have read something since the last look. One task does it for
     * all, because each start of a task wakes the watchdog.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The future is not needed, because the task ends with the watchdog.
    private void look(long readBefore) {
        looks.forEach(Runnable::run);
        long read = loops.stream()
                .mapToLong(loop -> loop.statistics().readBatches())
                .sum();
        long intervalNanos = read == readBefore ? LoopWatch.IDLE_LOOK_NANOS : LoopWatch.LOOK_NANOS;
        try {
            watchdog.schedule(() -> look(read), intervalNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return; // The loops are closed while this look runs.
        }
    }

    /**
     * Warns if Linux granted smaller buffers than the settings ask for. The limits of Linux are {@code
     * net.core.rmem_max} and {@code net.core.wmem_max}. All loops get the same sizes.
     */
    private void warnWhenBuffersAreCapped(int askedBytes) {
        Channel channel = loops.get(0).channel();
        int receiveBytes = transport.grantedBytes(channel, ChannelOption.SO_RCVBUF);
        int sendBytes = transport.grantedBytes(channel, ChannelOption.SO_SNDBUF);
        if (receiveBytes < askedBytes || sendBytes < askedBytes) {
            LOG.warn(
                    "media sockets got {} bytes to receive and {} to send instead of {}: bursts will be lost; "
                            + "raise net.core.rmem_max and net.core.wmem_max",
                    receiveBytes,
                    sendBytes,
                    askedBytes);
        }
    }

    public List<MediaLoop<C>> loops() {
        return List.copyOf(loops);
    }

    public MediaLoop<C> loop(int index) {
        return loops.get(index);
    }

    /** Returns the transport with the offloads that the probe found to work. */
    public MediaTransport transport() {
        return transport;
    }

    /** Returns {@link MediaLoop#turns} of each loop. */
    long[] turns() {
        return loops.stream().mapToLong(MediaLoop::turns).toArray();
    }

    /**
     * Returns the number of datagrams that the kernel dropped before the loops read them, or -1 if the kernel does not
     * report the number. Reads files.
     *
     * @throws IllegalStateException if the caller runs on a loop, which must not wait for files
     */
    public long kernelReceiveDrops() {
        if (loops.stream().anyMatch(MediaLoop::isOnLoop)) {
            throw new IllegalStateException("files are not read on a media loop");
        }
        return kernelReceiveDrops.ofPorts(
                loops.stream().map(loop -> loop.localAddress().getPort()).collect(Collectors.toSet()));
    }

    /** Closes sockets and cores, then stops the threads. Datagrams that were not sent are lost. */
    @Override
    public void close() {
        watchdog.shutdownNow();
        for (MediaLoop<C> loop : loops) {
            loop.close(CLOSE_TIMEOUT_MS);
        }
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * CLOSE_TIMEOUT_MS);
    }
}
