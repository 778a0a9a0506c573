package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A task that a loop runs every 50 ms. Each run is a tick. The task counts the ticks and measures how late they are, to
 * show whether the loop hangs or lags. Only the loop writes the figures; any thread may read them.
 */
final class LoopPulse {
    /**
     * The interval of the ticks. A node checks every 250 ms whether all loops have turned, and five ticks fit in that
     * time.
     */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The length of a window over which the maximum lag is measured. {@link #lagNanosMax} covers the running and the
     * previous window, so that metrics collected every 15 s miss no lag.
     */
    static final long LAG_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final EventLoop loop;
    private final AtomicLong ticks = new AtomicLong();
    private volatile long lastTickNanos;
    private long windowBeginNanos;
    private long windowMaxNanos; // The maximum lag in the running window.
    private long formerMaxNanos; // The maximum lag in the previous window.
    private volatile long lagNanos;
    private volatile long lagNanosMax;

    LoopPulse(EventLoop loop) {
        this.loop = loop;
        lastTickNanos = LoopClock.nanoTime(loop);
        windowBeginNanos = lastTickNanos;
    }

    void start() {
        schedule();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The task ends with the loop.
    private void schedule() {
        loop.schedule(this::onTick, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
    }

    private void onTick() {
        long nowNanos = LoopClock.nanoTime(loop);
        long lag = Math.max(0, nowNanos - lastTickNanos - INTERVAL_NANOS);
        lastTickNanos = nowNanos;
        if (nowNanos - windowBeginNanos >= LAG_WINDOW_NANOS) {
            windowBeginNanos = nowNanos;
            formerMaxNanos = windowMaxNanos;
            windowMaxNanos = 0;
        }
        windowMaxNanos = Math.max(windowMaxNanos, lag);
        lagNanos = lag;
        lagNanosMax = Math.max(windowMaxNanos, formerMaxNanos);
        ticks.incrementAndGet();
        if (!loop.isShuttingDown()) {
            schedule();
        }
    }

    long ticks() {
        return ticks.get();
    }

    /** The delay of the last tick. */
    long lagNanos() {
        return lagNanos;
    }

    /**
     * The longest lag in the running and the previous window. If the next tick is already overdue, its delay so far
     * counts too. Thus the lag of a loop that hangs is visible.
     */
    long lagNanosMax() {
        return Math.max(lagNanosMax, LoopClock.nanoTime(loop) - lastTickNanos - INTERVAL_NANOS);
    }
}
