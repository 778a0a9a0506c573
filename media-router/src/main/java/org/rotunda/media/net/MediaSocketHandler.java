package org.rotunda.media.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.router.MediaCore;
import org.rotunda.media.time.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell around a core: only this class has a socket, a timer and a clock. An input is a read batch, a deadline or a
 * task. The core gets each input completely; then the core is drained and one wake-up is scheduled. Runs on the loop of
 * its channel.
 */
final class MediaSocketHandler<C extends MediaCore> extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger LOG = LoggerFactory.getLogger(MediaSocketHandler.class);

    /**
     * The least delay of a wake-up: a core that asks for a deadline in the past must not keep the loop from reading its
     * socket.
     */
    static final long WAKE_UP_DELAY_NANOS_MIN = 100_000;

    /**
     * The least time between two log lines: a defect may cause a failure for every packet. The counter counts all
     * failures.
     */
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final C core;
    private final boolean segmentsWork;
    private final MediaNetStatistics statistics;
    private @Nullable ChannelHandlerContext context;
    private @Nullable DatagramBatcher batcher;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNanos = Deadline.NO_DEADLINE; // The time of the pending wake-up.
    private long batchNanos;
    private int batchDatagrams;
    private long batchBytes;
    private long nextLogNanos = Long.MIN_VALUE;
    private boolean closed;

    MediaSocketHandler(C core, boolean segmentsWork, MediaNetStatistics statistics) {
        this.core = core;
        this.segmentsWork = segmentsWork;
        this.statistics = statistics;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        batcher = new DatagramBatcher(ctx, segmentsWork, statistics);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        if (batchDatagrams == 0) {
            // The datagrams of a batch waited in the kernel, so they share one time of arrival.
            batchNanos = nanoTime(ctx);
        }
        batchDatagrams++;
        batchBytes += datagram.content().readableBytes();
        try {
            core.onDatagram(datagram.content(), datagram.sender(), batchNanos);
        } catch (RuntimeException e) {
            onCoreFailure(ctx, e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (batchDatagrams > 0) {
            statistics.onReadBatch(batchDatagrams, batchBytes);
            batchDatagrams = 0;
            batchBytes = 0;
            long sentBefore = statistics.datagramsOut();
            drain(ctx);
            long sent = statistics.datagramsOut() - sentBefore;
            if (sent > 0) {
                statistics.onBatchSent(sent, nanoTime(ctx) - batchNanos);
            }
        }
    }

    /** Runs a command or an answer from another thread on the loop, and then drains the core as after any input. */
    void onTask(Consumer<? super C> task) {
        ChannelHandlerContext ctx = context;
        if (closed || ctx == null) {
            return; // The socket is closed: the core is not used any more.
        }
        statistics.onTask();
        try {
            task.accept(core);
        } catch (RuntimeException e) {
            onCoreFailure(ctx, e);
        }
        drain(ctx);
    }

    private void onWakeUp(ChannelHandlerContext ctx) {
        wakeUp = null;
        wakeUpNanos = Deadline.NO_DEADLINE;
        long nowNanos = nanoTime(ctx);
        try {
            if (core.nextDeadlineNanos() <= nowNanos) {
                core.onTimeout(nowNanos);
            }
        } catch (RuntimeException e) {
            onCoreFailure(ctx, e);
        }
        drain(ctx);
    }

    private void drain(ChannelHandlerContext ctx) {
        DatagramBatcher transmitter = batcher;
        if (closed || transmitter == null) {
            return;
        }
        try {
            core.drainTo(transmitter);
        } catch (RuntimeException e) {
            onCoreFailure(ctx, e);
        }
        transmitter.flush();
        scheduleWakeUp(ctx, core.nextDeadlineNanos());
    }

    private void scheduleWakeUp(ChannelHandlerContext ctx, long deadlineNanos) {
        if (deadlineNanos >= wakeUpNanos) {
            return; // The pending wake-up comes early enough: if it finds nothing due, it schedules the next wake-up.
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        long delayNanos = Math.max(WAKE_UP_DELAY_NANOS_MIN, deadlineNanos - nanoTime(ctx));
        wakeUpNanos = deadlineNanos;
        wakeUp = ctx.executor().schedule(() -> onWakeUp(ctx), delayNanos, TimeUnit.NANOSECONDS);
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
     * Counts a datagram that the kernel refused, which the void promise reports, or a failed read, which Netty repeats.
     * Any other exception is a defect of the core.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            statistics.onSendFailure(1);
        } else {
            onCoreFailure(ctx, cause);
        }
    }

    /** Counts and logs a defect of the core, which must not end the other rooms of the loop. */
    private void onCoreFailure(ChannelHandlerContext ctx, Throwable failure) {
        statistics.onCoreFailure();
        long nowNanos = nanoTime(ctx);
        if (nextLogNanos == Long.MIN_VALUE || nowNanos - nextLogNanos >= 0) {
            nextLogNanos = nowNanos + LOG_INTERVAL_NANOS;
            LOG.error("the media core failed ({} failures so far)", statistics.coreFailures(), failure);
        }
    }

    private static long nanoTime(ChannelHandlerContext ctx) {
        return LoopClock.nanoTime(ctx.executor());
    }
}
