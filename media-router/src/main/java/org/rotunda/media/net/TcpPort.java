package org.rotunda.media.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;

/**
 * The TCP port of one loop (RFC 6544, passive). The connections belong to the same loop, so their packets go the same way
 * as datagrams, without a queue between threads. {@link #open} and {@link #close} block.
 */
final class TcpPort {
    private final Channel listener;
    private final TcpConnections connections;

    private TcpPort(Channel listener, TcpConnections connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Binds the port.
     *
     * @param index the index of the loop
     * @param udpPort the bound UDP port of the loop
     * @throws io.netty.channel.ChannelException or a BindException if the port cannot be bound
     */
    static TcpPort open(
            ServerBootstrap bootstrap,
            EventLoop loop,
            MediaNetSettings settings,
            int index,
            int udpPort,
            TcpConnections connections) {
        bootstrap.group(loop, loop).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(connections.handler());
            }
        });
        OptionalInt first = settings.tcp().port();
        int port = first.isEmpty() ? udpPort : first.getAsInt() == 0 ? 0 : first.getAsInt() + index;
        ChannelFuture bound = bootstrap.bind(settings.bind(), port).awaitUninterruptibly();
        if (!bound.isSuccess() && first.isEmpty() && settings.port() == 0) {
            // The kernel has chosen the number among the free UDP ports. A TCP socket of another program may have it.
            bound = bootstrap.bind(settings.bind(), 0);
        }
        return new TcpPort(bound.syncUninterruptibly().channel(), connections);
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes the port and then all its connections. */
    void close(long timeoutMs) {
        listener.close().awaitUninterruptibly(timeoutMs);
        try {
            listener.eventLoop().submit(connections::close).awaitUninterruptibly(timeoutMs);
        } catch (RejectedExecutionException e) {
            return; // The loop has ended, and its connections with it.
        }
    }
}
