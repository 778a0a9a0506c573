package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tests over loopback whether UDP GSO and GRO work, because some kernels, containers and sandboxes claim offloads that
 * do not work. Blocks for a moment, so it is used only at start-up.
 */
final class OffloadProbe {
    private static final int SEGMENTS = 3;
    private static final int SEGMENT_BYTES = 100;
    private static final long TIMEOUT_MS = 1_000; // Loopback needs 1 ms, or 100 ms on an overloaded machine.

    private static final class Counter extends SimpleChannelInboundHandler<DatagramPacket> {
        final CountDownLatch expected = new CountDownLatch(SEGMENTS);

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
            if (datagram.content().readableBytes() == SEGMENT_BYTES) {
                expected.countDown();
            }
        }
    }

    private OffloadProbe() {}

    /** Returns an epoll transport with the requested offloads that work. */
    static MediaTransport run(EventLoopGroup group, boolean segmentationWanted, boolean coalescingWanted) {
        boolean segmentation = segmentationWanted
                && EpollDatagramChannel.isSegmentedDatagramPacketSupported()
                && isDelivered(group, new MediaTransport(true, true, false));
        boolean coalescing = coalescingWanted
                && segmentation // Coalescing can be tested only with segments.
                && isCoalescingAccepted(group)
                && isDelivered(group, new MediaTransport(true, true, true));
        return new MediaTransport(true, segmentation, coalescing);
    }

    /**
     * Returns whether the kernel accepts UDP GRO. The option is set on an open channel, because a bootstrap would only
     * log a failure.
     */
    private static boolean isCoalescingAccepted(EventLoopGroup group) {
        Channel channel = bind(group, new MediaTransport(true, true, false), new Counter());
        try {
            return channel.config().setOption(EpollChannelOption.UDP_GRO, true);
        } catch (ChannelException e) {
            return false;
        } finally {
            channel.close().syncUninterruptibly();
        }
    }

    private static boolean isDelivered(EventLoopGroup group, MediaTransport transport) {
        Counter counter = new Counter();
        Channel receiver = bind(group, transport, counter);
        Channel sender = bind(group, transport, new Counter());
        try {
            ByteBuf run = sender.alloc().directBuffer(SEGMENTS * SEGMENT_BYTES).writeZero(SEGMENTS * SEGMENT_BYTES);
            InetSocketAddress target = (InetSocketAddress) receiver.localAddress();
            boolean sent = sender.writeAndFlush(new SegmentedDatagramPacket(run, SEGMENT_BYTES, target))
                    .awaitUninterruptibly()
                    .isSuccess();
            return sent && counter.expected.await(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            sender.close().syncUninterruptibly();
            receiver.close().syncUninterruptibly();
        }
    }

    private static Channel bind(EventLoopGroup group, MediaTransport transport, Counter counter) {
        return transport
                .bootstrap(MediaNetSettings.SOCKET_BUFFER_BYTES_DEFAULT, PooledByteBufAllocator.DEFAULT)
                .group(group)
                .handler(counter)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }
}
