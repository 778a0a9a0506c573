package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.MediaCore;
import org.rotunda.media.time.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell around a core, with its socket, timer and clock. An input is a read batch, a deadline or a task. After each
 * complete input, this handler drains the core and schedules one wake-up. Runs on the loop of its channel.
 *
 * <p>The channel is the loop's UDP socket. {@link TcpConnections} feeds the packets of TCP connections into the same core,
 * also in read batches: {@link #onPacket} and {@link #onBatchEnd}.
 */
final class MediaSocketHandler<C extends MediaCore> extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger LOG = LoggerFactory.getLogger(MediaSocketHandler.class);

    /**
     * The time between two wake-ups. Wake-ups come at multiples of it, so that what is due at almost the same time for
     * many transports costs one turn of the loop and forms longer runs of packets. It also keeps a core with deadlines in
     * the past from keeping the loop from reading its socket.
     */
    static final long WAKE_UP_STEP_NANOS = 1_000_000;

    /**
     * The shortest time between two log lines about failures of the core. Without this limit, a defect that occurs at
     * every packet would flood the log. The counter still counts all failures.
     */
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final C core;
    private final boolean segmentsWork;
    private final MediaNetStatistics statistics;
    private final LoopWatch watch;
    private @Nullable ChannelHandlerContext context;
    private @Nullable DatagramBatcher batcher;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNanos = Deadline.NO_DEADLINE; // The time of the pending wake-up.
    private long batchNanos;
    private int batchDatagrams;
    private long batchBytes;
    private long nextLogNanos = Long.MIN_VALUE;
    private boolean closed;

    MediaSocketHandler(C core, boolean segmentsWork, MediaNetStatistics statistics, LoopWatch watch) {
        this.core = core;
        this.segmentsWork = segmentsWork;
        this.statistics = statistics;
        this.watch = watch;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        batcher = new DatagramBatcher(ctx, segmentsWork, statistics);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        feed(ctx, datagram.content(), datagram.sender());
    }

    private void feed(ChannelHandlerContext ctx, ByteBuf packet, SocketAddress source) {
        if (batchDatagrams == 0) {
            // The datagrams of a batch have waited in the kernel, so they all get the same arrival time.
            batchNanos = nanoTime(ctx);
            watch.begin(batchNanos);
        }
        batchDatagrams++;
        batchBytes += packet.readableBytes();
        try {
            core.onDatagram(packet, source, batchNanos);
        } catch (RuntimeException | Error e) {
            onCoreFailure(ctx, e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endBatch(ctx);
    }

    private void endBatch(ChannelHandlerContext ctx) {
        if (batchDatagrams > 0) {
            statistics.onReadBatch(batchDatagrams, batchBytes);
            batchDatagrams = 0;
            batchBytes = 0;
            long sentBefore = statistics.datagramsOut();
            drain(ctx);
            long sent = statistics.datagramsOut() - sentBefore;
            long endNanos = nanoTime(ctx);
            if (sent > 0) {
                statistics.onBatchSent(sent, endNanos - batchNanos);
            }
            watch.end(endNanos);
        }
    }

    /** Takes a packet of a TCP connection as part of the present read batch. The packet is borrowed for the call. */
    void onPacket(ByteBuf packet, TcpConnection source) {
        ChannelHandlerContext ctx = context;
        if (!closed && ctx != null) {
            feed(ctx, packet, source);
        }
    }

    /** Ends the read batch of a TCP connection, and drains the core if the batch had packets. */
    void onBatchEnd() {
        ChannelHandlerContext ctx = context;
        if (!closed && ctx != null) {
            endBatch(ctx);
        }
    }

    /** Returns whether the TCP connection belongs to an open transport. */
    boolean isValidated(TcpConnection connection) {
        return !closed && core.isValidated(connection);
    }

    /** Tells the core that a TCP connection has ended. Must not be called within a read batch or a drain. */
    void onClosed(TcpConnection connection) {
        onTask(open -> open.onClosed(connection, nanoTime()));
    }

    /** Returns the executor of the loop. */
    EventExecutor executor() {
        return opened().executor();
    }

    /** Returns the time of the loop. */
    long nanoTime() {
        return nanoTime(opened());
    }

    private ChannelHandlerContext opened() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("the handler has no channel yet");
        }
        return ctx;
    }

    /** Runs another thread's task on the core, and then drains the core. */
    void onTask(Consumer<? super C> task) {
        ChannelHandlerContext ctx = context;
        if (closed || ctx == null) {
            return; // The socket is closed, so the core is not used any more.
        }
        statistics.onTask();
        watch.begin(nanoTime(ctx));
        try {
            task.accept(core);
        } catch (RuntimeException | Error e) {
            onCoreFailure(ctx, e);
        }
        drain(ctx);
        watch.end(nanoTime(ctx));
    }

    /**
     * Takes what other loops have handed over, and then drains the core. The delay of what is sent counts from the time at
     * which the other loop has read it.
     */
    void onHandover(MediaLoop.Handover<? super C> handover) {
        ChannelHandlerContext ctx = context;
        if (closed || ctx == null) {
            return; // The socket is closed, so the core is not used any more.
        }
        statistics.onTask();
        long beginNanos = nanoTime(ctx);
        watch.begin(beginNanos);
        long handedOverNanos = beginNanos;
        try {
            handedOverNanos = handover.drainTo(core, beginNanos);
        } catch (RuntimeException | Error e) {
            onCoreFailure(ctx, e);
        }
        long sentBefore = statistics.datagramsOut();
        drain(ctx);
        long sent = statistics.datagramsOut() - sentBefore;
        long endNanos = nanoTime(ctx);
        if (sent > 0) {
            statistics.onBatchSent(sent, Math.max(0, endNanos - handedOverNanos));
        }
        watch.end(endNanos);
    }

    private void onWakeUp(ChannelHandlerContext ctx) {
        wakeUp = null;
        wakeUpNanos = Deadline.NO_DEADLINE;
        long nowNanos = nanoTime(ctx);
        watch.begin(nowNanos);
        try {
            if (core.nextDeadlineNanos() <= nowNanos) {
                core.onTimeout(nowNanos);
            }
        } catch (RuntimeException | Error e) {
            onCoreFailure(ctx, e);
        }
        drain(ctx);
        watch.end(nanoTime(ctx));
    }

    private void drain(ChannelHandlerContext ctx) {
        DatagramBatcher transmitter = batcher;
        if (closed || transmitter == null) {
            return;
        }
        try {
            core.drainTo(transmitter);
        } catch (RuntimeException | Error e) {
            onCoreFailure(ctx, e);
        }
        transmitter.flush();
        scheduleWakeUp(ctx, core.nextDeadlineNanos());
    }

    private void scheduleWakeUp(ChannelHandlerContext ctx, long deadlineNanos) {
        if (deadlineNanos >= wakeUpNanos) {
            return; // The pending wake-up comes early enough, and it will schedule the next wake-up.
        }
        long nowNanos = nanoTime(ctx);
        // The bounds come first, because sums with and differences to a deadline at the ends of the range may overflow.
        long dueNanos = Math.max(nowNanos + 1, Math.min(deadlineNanos, Deadline.NO_DEADLINE - WAKE_UP_STEP_NANOS));
        long atNanos = dueNanos + Math.floorMod(-dueNanos, WAKE_UP_STEP_NANOS);
        if (atNanos >= wakeUpNanos) {
            return; // The pending wake-up comes within the same step.
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpNanos = atNanos;
        wakeUp = ctx.executor().schedule(() -> onWakeUp(ctx), atNanos - nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        close();
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
        core.close();
    }

    /**
     * Counts every {@link IOException} as a failed read, which Netty repeats. Failed sends do not come here, because
     * {@link DatagramBatcher} has counted them. Any other exception is a defect of the core.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            statistics.onReadFailure();
        } else {
            onCoreFailure(ctx, cause);
        }
    }

    /**
     * Counts and logs a defect of the core. After an exception the rooms of the loop continue. An {@link Error} is
     * passed to the thread's handler of uncaught exceptions, which ends the process in a node. Otherwise Netty would
     * only log the Error, and the loop would go on in an unknown state.
     */
    private void onCoreFailure(ChannelHandlerContext ctx, Throwable failure) {
        statistics.onCoreFailure();
        long nowNanos = nanoTime(ctx);
        if (nextLogNanos == Long.MIN_VALUE || nowNanos - nextLogNanos >= 0) {
            nextLogNanos = nowNanos + LOG_INTERVAL_NANOS;
            LOG.error("the media core failed ({} failures so far)", statistics.coreFailures(), failure);
        }
        if (failure instanceof Error) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    private static long nanoTime(ChannelHandlerContext ctx) {
        return LoopClock.nanoTime(ctx.executor());
    }
}
