package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The UDP socket of one bot, on the bot's loop. Each bot needs a socket of its own, because the router distinguishes
 * its clients by their addresses.
 *
 * <p>Reads with GRO where the kernel supports it. Writes datagrams one by one, as real clients do. Writing with GSO
 * would make receiving cheaper for the router than it is in production.
 */
final class BotSocket extends SimpleChannelInboundHandler<DatagramPacket> implements BotMedia.Output {
    private final MediaTotals totals;
    private @Nullable ChannelHandlerContext context;
    private @Nullable BotMedia media;
    private boolean written;
    private boolean inBatch;
    private long batchNanos;
    private @Nullable RandomGenerator losses;
    private double lossIn;
    private double lossOut;

    BotSocket(MediaTotals totals) {
        this.totals = totals;
    }

    /**
     * Drops these shares of incoming and outgoing datagrams from now on. {@code random} decides which datagrams are
     * dropped.
     */
    void setLoss(double shareIn, double shareOut, RandomGenerator random) {
        lossIn = shareIn;
        lossOut = shareOut;
        losses = random;
    }

    private boolean isLost(double share) {
        RandomGenerator random = losses;
        return share > 0 && random != null && random.nextDouble() < share;
    }

    void setMedia(BotMedia receiver) {
        media = receiver;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        BotMedia receiver = media;
        if (!inBatch) {
            inBatch = true;
            // The datagrams of a batch waited in the kernel together, so they get the same arrival time.
            batchNanos = System.nanoTime();
        }
        if (receiver != null && !isLost(lossIn)) {
            receiver.onDatagram(datagram.content(), datagram.sender(), batchNanos);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inBatch = false;
        BotMedia receiver = media;
        if (receiver != null) {
            receiver.onBatchEnd();
        }
        flush();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The void promise reports failures to the handler.
    public void send(ByteBuf datagram, InetSocketAddress remote) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || !ctx.channel().isActive() || isLost(lossOut)) {
            datagram.release();
            return;
        }
        written = true;
        ctx.write(new DatagramPacket(datagram, remote), ctx.voidPromise());
    }

    /** Flushes the datagrams written so far. */
    void flush() {
        ChannelHandlerContext ctx = context;
        if (written && ctx != null) {
            written = false;
            ctx.flush();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing waits for the socket to be closed.
    void close() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            totals.counters().sendFailures++;
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
