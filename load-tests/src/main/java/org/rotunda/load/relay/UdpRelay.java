package org.rotunda.load.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A UDP relay between clients and a media router. It has one port for each port of the router. It opens a socket
 * towards the router for each client, because the router distinguishes clients by their addresses. The router must
 * advertise the addresses of {@link #advertise()}.
 *
 * <p>The relay has its own thread. Its methods may be called from any other thread and block until they are done.
 */
public final class UdpRelay implements AutoCloseable {
    // The buffers are large, so that the kernel adds no losses.
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    // A datagram within any usual MTU fits; a longer datagram would be truncated.
    private static final int DATAGRAM_BYTES_MAX = 2048;
    private static final int READ_SLOTS = 16; // The maximum number of datagrams per recvmmsg call.
    private static final int DATAGRAMS_PER_READ_MAX = 256;
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final IoEventLoopGroup group;
    private final EventLoop loop;
    private final List<RelayPort> ports = new ArrayList<>();
    private final List<Channel> fronts = new ArrayList<>();

    private UdpRelay() {
        DefaultThreadFactory threads = new DefaultThreadFactory("udp-relay", true, Thread.MAX_PRIORITY);
        group = new MultiThreadIoEventLoopGroup(
                1, threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
    }

    /** Binds the sockets for clients, each on a free port. */
    public static UdpRelay open(RelaySettings settings) {
        UdpRelay relay = new UdpRelay();
        try {
            for (int index = 0; index < settings.routers().size(); index++) {
                relay.bind(settings, index);
            }
        } catch (Throwable failure) { // Netty throws the checked exceptions of bind without declaring them.
            relay.close();
            throw failure;
        }
        return relay;
    }

    private void bind(RelaySettings settings, int index) {
        InetSocketAddress router = settings.routers().get(index);
        RelayPort port = new RelayPort(
                router,
                handler -> bootstrap(handler).bind(settings.host(), 0),
                settings.up(),
                settings.down(),
                settings.seed() + index);
        ports.add(port);
        fronts.add(
                bootstrap(port).bind(settings.host(), 0).syncUninterruptibly().channel());
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        boolean epoll = Epoll.isAvailable();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX * (epoll ? READ_SLOTS : 1))
                                .maxMessagesPerRead(DATAGRAMS_PER_READ_MAX))
                .handler(handler);
        return epoll ? bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES_MAX) : bootstrap;
    }

    /**
     * Returns the addresses of the relay, one for each port of the router, as the value of {@code
     * rotunda.media.advertise}.
     */
    public List<String> advertise() {
        return addresses().stream()
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .toList();
    }

    public List<InetSocketAddress> addresses() {
        return fronts.stream()
                .map(front -> (InetSocketAddress) front.localAddress())
                .toList();
    }

    /** Replaces the networks of existing and future clients. The time of the new schedules begins now. */
    public void setSchedules(LinkSchedule up, LinkSchedule down) {
        onLoop(() -> {
            ports.forEach(port -> port.setSchedules(up, down));
            return true;
        });
    }

    /**
     * Excludes the clients that exist now from later changes of the schedules. So publishers can keep their network
     * while that of later clients changes.
     */
    public void spareExistingClients() {
        onLoop(() -> {
            ports.forEach(RelayPort::spareExistingFlows);
            return true;
        });
    }

    /** Returns the counters of the links towards the router. */
    public LinkCounts up() {
        return onLoop(() -> ports.stream().map(RelayPort::up).reduce(LinkCounts.NONE, LinkCounts::plus));
    }

    /** Returns the counters of the links towards the clients. */
    public LinkCounts down() {
        return onLoop(() -> ports.stream().map(RelayPort::down).reduce(LinkCounts.NONE, LinkCounts::plus));
    }

    /**
     * Returns the number of datagrams that the relay dropped because there were too many clients, a socket could not be
     * bound or the kernel refused the datagram.
     */
    public long ownDrops() {
        return onLoop(() -> ports.stream().mapToLong(RelayPort::ownDrops).sum());
    }

    private <T> T onLoop(Callable<T> question) {
        return loop.submit(question).syncUninterruptibly().getNow();
    }

    @Override
    public void close() {
        fronts.forEach(front -> front.close().syncUninterruptibly());
        group.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
