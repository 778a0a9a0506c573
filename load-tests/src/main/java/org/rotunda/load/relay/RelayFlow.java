package org.rotunda.load.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of a port. The client has a link in each direction and a socket towards the router. This class is the
 * handler of that socket. Datagrams wait in the links until the socket is bound. Runs on the relay's loop.
 */
final class RelayFlow extends SimpleChannelInboundHandler<DatagramPacket> {
    private final ChannelHandlerContext front;
    private final InetSocketAddress client;
    private final InetSocketAddress router;
    private final Link up;
    private final Link down;
    private final Runnable onOwnDrop;
    // The context is null until the socket towards the router is bound.
    private @Nullable ChannelHandlerContext upstream;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNanos = Link.NO_DEADLINE; // The time of the pending wake-up.
    private long lastFromClientNanos;
    private boolean spared;
    private boolean closed;

    RelayFlow(
            ChannelHandlerContext front,
            InetSocketAddress client,
            InetSocketAddress router,
            Link up,
            Link down,
            Runnable onOwnDrop) {
        this.front = front;
        this.client = client;
        this.router = router;
        this.up = up;
        this.down = down;
        this.onOwnDrop = onOwnDrop;
    }

    /**
     * Puts a datagram of the client into the link towards the router. The link becomes the owner of the datagram. At
     * the end of the read batch the port calls {@link #drain}.
     */
    void onFromClient(ByteBuf datagram, long nowNanos) {
        lastFromClientNanos = nowNanos;
        up.onDatagram(datagram, nowNanos);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the socket to be closed.
    public void channelActive(ChannelHandlerContext ctx) {
        if (closed) {
            ctx.close(ctx.voidPromise());
            return;
        }
        upstream = ctx;
        drain();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        if (datagram.sender().equals(router)) {
            down.onDatagram(datagram.content().retain(), RelayPort.nanoTime(ctx));
        } // Datagrams from other senders, for instance of a port scan, are ignored.
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        drain();
    }

    /** Keeps the present schedules from now on. */
    void spare() {
        spared = true;
    }

    void setSchedules(LinkSchedule nextUp, LinkSchedule nextDown, long nowNanos) {
        if (spared) {
            return;
        }
        up.setSchedule(nextUp, nowNanos);
        down.setSchedule(nextDown, nowNanos);
        drain();
    }

    /** Sends the datagrams that have arrived at the end of a link, and schedules the next wake-up. */
    @SuppressWarnings("FutureReturnValueIgnored") // The void promise reports failures to the handlers.
    void drain() {
        ChannelHandlerContext back = upstream;
        if (closed || back == null) {
            return;
        }
        long nowNanos = RelayPort.nanoTime(front);
        up.drainTo(datagram -> back.write(new DatagramPacket(datagram, router), back.voidPromise()), nowNanos);
        down.drainTo(datagram -> front.write(new DatagramPacket(datagram, client), front.voidPromise()), nowNanos);
        back.flush();
        front.flush();
        scheduleWakeUp(Math.min(up.nextDeadlineNanos(), down.nextDeadlineNanos()), nowNanos);
    }

    private void scheduleWakeUp(long deadlineNanos, long nowNanos) {
        if (deadlineNanos >= wakeUpNanos) {
            return; // The pending wake-up comes early enough.
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpNanos = deadlineNanos;
        wakeUp = front.executor().schedule(this::onWakeUp, Math.max(0, deadlineNanos - nowNanos), TimeUnit.NANOSECONDS);
    }

    private void onWakeUp() {
        wakeUp = null;
        wakeUpNanos = Link.NO_DEADLINE;
        drain();
    }

    long lastFromClientNanos() {
        return lastFromClientNanos;
    }

    LinkCounts up() {
        return up.counts();
    }

    LinkCounts down() {
        return down.counts();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the socket to be closed.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        up.close();
        down.close();
        if (upstream != null) {
            upstream.close();
        }
    }

    /**
     * Counts a dropped datagram when the kernel refuses it, for instance because nothing listens at the router's port.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            onOwnDrop.run();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }
}
