package org.rotunda.media.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * The Netty transport in use and its offloads. They determine the channel class and how reads are batched.
 *
 * @param epoll true for Linux epoll, false for NIO
 * @param segmentation true if UDP GSO has passed its test
 * @param coalescing true if UDP GRO has passed its test
 */
public record MediaTransport(boolean epoll, boolean segmentation, boolean coalescing) {
    // The maximum length of a received datagram, above any MTU in use. A longer datagram is cut and then dropped.
    private static final int DATAGRAM_BYTES_MAX = 2048;
    private static final int COALESCED_BYTES_MAX = 65_536; // The longest IP packet, which GRO may fill.
    private static final int READ_SLOTS = 32; // The number of datagrams per recvmmsg. More slots gain little.

    /**
     * The number of datagrams per read with coalescing. One slot makes Netty read by recvmsg. With recvmmsg, Netty 4.2
     * loses the segment length, so that a run would arrive as one long datagram.
     */
    private static final int COALESCED_READ_SLOTS = 1;

    /**
     * The largest number of datagrams in a read batch. It bounds the time between two drains to about a millisecond.
     */
    private static final int DATAGRAMS_PER_BATCH_MAX = 256;

    /**
     * The low and high water marks of the send queue, in bytes. Media in a longer queue would come too late, so it is
     * dropped and counted.
     */
    private static final WriteBufferWaterMark SEND_QUEUE_BYTES = new WriteBufferWaterMark(512 << 10, 1 << 20);

    /** The longest queue of TCP connections in the kernel that wait to be accepted. */
    private static final int TCP_BACKLOG = 256;

    private static final int TCP_READ_BYTES = 16 * 1024;

    /**
     * The largest number of reads of one TCP connection in a batch. Together with {@link #TCP_READ_BYTES} it bounds the
     * time for which one client holds the loop, to about the time of a batch of datagrams.
     */
    private static final int TCP_READS_PER_BATCH_MAX = 4;

    /**
     * The number of bytes that the kernel may hold of one TCP connection before it has sent them. Further bytes wait in
     * our queue, which drops media that would come too late. Without this limit the kernel would hold up to 4 MiB.
     */
    private static final long TCP_UNSENT_BYTES_MAX = 64 << 10;

    /** The send buffer where the kernel has no limit of unsent bytes for us: it bounds them, and the throughput too. */
    private static final int TCP_SEND_BUFFER_BYTES = 256 << 10;

    static boolean isEpollWanted(MediaNetSettings settings) {
        return switch (settings.transport()) {
            case AUTO -> Epoll.isAvailable();
            case NIO -> false;
            case EPOLL -> {
                Epoll.ensureAvailability();
                yield true;
            }
        };
    }

    /**
     * Returns the number of bytes that the kernel granted for a socket buffer. Linux reports twice that number. The JDK
     * halves the reported number, but Netty's epoll transport does not.
     */
    int grantedBytes(Channel channel, ChannelOption<Integer> buffer) {
        int answered = channel.config().getOption(buffer);
        return epoll ? answered / 2 : answered;
    }

    IoHandlerFactory ioHandlerFactory() {
        return epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** Returns a bootstrap with all options. The caller sets the handler and the group. */
    Bootstrap bootstrap(int socketBufferBytes, ByteBufAllocator allocator) {
        Bootstrap bootstrap = new Bootstrap()
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.SO_RCVBUF, socketBufferBytes)
                .option(ChannelOption.SO_SNDBUF, socketBufferBytes)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE_BYTES);
        int slotBytes = coalescing ? COALESCED_BYTES_MAX : DATAGRAM_BYTES_MAX;
        int slots = epoll ? coalescing ? COALESCED_READ_SLOTS : READ_SLOTS : 1;
        bootstrap.option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(slots * slotBytes).maxMessagesPerRead(DATAGRAMS_PER_BATCH_MAX));
        if (epoll) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, slotBytes);
        }
        if (coalescing) {
            bootstrap.option(EpollChannelOption.UDP_GRO, true);
        }
        return bootstrap;
    }

    /** Returns a bootstrap of TCP ports with all options. The caller sets the handler and the group. */
    ServerBootstrap tcpBootstrap(ByteBufAllocator allocator) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, TCP_BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TcpConnection.SEND_QUEUE_BYTES)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(TCP_READ_BYTES).maxMessagesPerRead(TCP_READS_PER_BATCH_MAX));
        return epoll
                ? bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, TCP_UNSENT_BYTES_MAX)
                : bootstrap.childOption(ChannelOption.SO_SNDBUF, TCP_SEND_BUFFER_BYTES);
    }
}
