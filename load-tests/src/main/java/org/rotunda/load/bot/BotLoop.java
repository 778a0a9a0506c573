package org.rotunda.load.bot;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.rotunda.media.rtcp.RtcpWriter;

/**
 * One thread of a fleet with the bots that live on it: their sockets, and one tick for all. Timers of their own would cost each bot a
 * task per packet. Owned by its event loop, but for {@link #takeLagNanosMax}.
 */
final class BotLoop {
    /** Everything a bot does by time is due within this; libwebrtc's pacer has the same step. */
    static final long TICK_NANOS = 5_000_000L;

    /** Room for the longest packet before protection. */
    static final int PACKET_BYTES = 1_500;

    private static final int SOCKET_BUFFER_BYTES = 1 << 20;
    private static final int COALESCED_BYTES_MAX = 65_536;
    private static final int DATAGRAM_BYTES_MAX = 2_048;
    private static final int READS_PER_BATCH_MAX = 64;

    private final EventLoop loop;
    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final ByteBuf scratch = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX, RtcpWriter.LENGTH_BYTES_MAX);
    private final List<BotAgent> agents = new ArrayList<>();
    private final StatsSum gone = new StatsSum();
    private final AtomicLong lagNanosMax = new AtomicLong();
    private long dueNanos;

    BotLoop(EventLoop loop) {
        this.loop = loop;
    }

    /** Begins to tick; ends with the event loop. */
    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the loop.
    void start() {
        dueNanos = System.nanoTime() + TICK_NANOS;
        loop.scheduleWithFixedDelay(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    EventLoop executor() {
        return loop;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** An empty buffer for one RTCP packet, to be used before anyone else asks for it. */
    ByteBuf scratch() {
        return scratch.clear();
    }

    private void tick() {
        long nowNanos = System.nanoTime();
        lagNanosMax.accumulateAndGet(nowNanos - dueNanos, Math::max);
        for (int i = agents.size() - 1; i >= 0; i--) { // Backwards: one that ends leaves the list.
            tick(agents.get(i), nowNanos);
        }
        dueNanos = System.nanoTime() + TICK_NANOS;
    }

    /** A defect in one bot ends that bot; the others of the loop go on. */
    private static void tick(BotAgent agent, long nowNanos) {
        try {
            agent.onTick(nowNanos);
        } catch (RuntimeException defect) {
            agent.onDefect(defect);
        }
    }

    /** Opens a socket for one bot. IPv4 alone: candidates of ours are. */
    ChannelFuture bind(BotSocket socket) {
        boolean epoll = Epoll.isAvailable();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> epoll
                        ? new EpollDatagramChannel(SocketProtocolFamily.INET)
                        : new NioDatagramChannel(SocketProtocolFamily.INET))
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(epoll ? COALESCED_BYTES_MAX : DATAGRAM_BYTES_MAX)
                                .maxMessagesPerRead(READS_PER_BATCH_MAX))
                .handler(socket);
        if (epoll) {
            bootstrap.option(EpollChannelOption.UDP_GRO, true);
        }
        return bootstrap.bind(new InetSocketAddress(0));
    }

    void add(BotAgent agent) {
        agents.add(agent);
    }

    /** The bot is gone; what it counted stays. */
    void remove(BotAgent agent) {
        if (agents.remove(agent)) {
            gone.add(agent);
        }
    }

    List<BotAgent> agents() {
        return agents;
    }

    /** Those that are not in yet, in words. */
    List<String> joining() {
        return agents.stream()
                .filter(BotAgent::isJoining)
                .map(BotAgent::progress)
                .toList();
    }

    /** All bots that live or lived here. */
    StatsSum sum() {
        StatsSum sum = new StatsSum();
        sum.add(gone);
        agents.forEach(sum::add);
        return sum;
    }

    /** How late ticks were at worst since this was asked last: a fleet that has no time left measures itself. Any thread. */
    long takeLagNanosMax() {
        return lagNanosMax.getAndSet(0);
    }
}
