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
 * One event loop of a fleet and its bots. One periodic tick serves all bots, because a timer for each bot would cost a
 * task for every packet. Owned by its event loop; only {@link #takeLagNanosMax} may be called from other threads.
 */
final class BotLoop {
    /** The interval of the tick, as in libwebrtc's pacer. A bot meets its deadlines at most one interval late. */
    static final long TICK_NANOS = 5_000_000L;

    /** The capacity of the buffer for a plain packet. */
    static final int PACKET_BYTES = 1_500;

    private static final int SOCKET_BUFFER_BYTES = 1 << 20;
    private static final int COALESCED_BYTES_MAX = 65_536;
    private static final int DATAGRAM_BYTES_MAX = 2_048;
    private static final int READS_PER_BATCH_MAX = 64;

    private final EventLoop loop;
    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final ByteBuf scratch = Unpooled.buffer(RtcpWriter.LENGTH_BYTES_MAX, RtcpWriter.LENGTH_BYTES_MAX);
    private final List<LoopMember> members = new ArrayList<>();
    private final StatsSum gone = new StatsSum();
    private final AtomicLong lagNanosMax = new AtomicLong();
    private long dueNanos;

    BotLoop(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts the tick. */
    @SuppressWarnings("FutureReturnValueIgnored") // The tick ends with the loop.
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

    /** Returns an empty buffer for one RTCP packet, valid until the next call. */
    ByteBuf scratch() {
        return scratch.clear();
    }

    private void tick() {
        long nowNanos = System.nanoTime();
        lagNanosMax.accumulateAndGet(nowNanos - dueNanos, Math::max);
        // The iteration runs backwards, because a bot that ends is removed from the list.
        for (int i = members.size() - 1; i >= 0; i--) {
            tick(members.get(i), nowNanos);
        }
        dueNanos = System.nanoTime() + TICK_NANOS;
    }

    /** Runs the tick of one bot. An exception ends this bot only; the other bots of the loop go on. */
    private static void tick(LoopMember member, long nowNanos) {
        try {
            member.onTick(nowNanos);
        } catch (RuntimeException defect) {
            member.onDefect(defect);
        }
    }

    /** Opens a socket for one bot. The socket is IPv4, because the product has only IPv4 candidates. */
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

    void add(LoopMember member) {
        members.add(member);
    }

    /** Removes a bot that has ended, and keeps its counters for {@link #sum}. */
    void remove(LoopMember member) {
        if (members.remove(member)) {
            gone.add(member);
        }
    }

    List<LoopMember> members() {
        return members;
    }

    /** Describes each bot that is still joining. */
    List<String> joining() {
        return members.stream()
                .filter(LoopMember::isJoining)
                .map(LoopMember::progress)
                .toList();
    }

    /** Returns the summed counters of all bots of this loop, including bots that have ended. */
    StatsSum sum() {
        StatsSum sum = new StatsSum();
        sum.add(gone);
        members.forEach(sum::add);
        return sum;
    }

    /** Returns the longest delay of a tick since the previous call of this method. Callable from any thread. */
    long takeLagNanosMax() {
        return lagNanosMax.getAndSet(0);
    }
}
