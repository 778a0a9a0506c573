package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A task that runs every 50 ms on a loop that is in time. The task shows that the loop still turns, and how late the
 * loop is. Only the loop writes the figures; any thread may read them.
 */
final class LoopPulse {
    /** The interval of the ticks: five ticks fit in the 250 ms between two beats of a node. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The length of a window. A maximum is kept for one to two windows, so that each collection of metrics, usually
     * every 15 s, sees it.
     */
    static final long LAG_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final EventLoop loop;
    private final AtomicLong ticks = new AtomicLong();
    private long lastTickNanos;
    private long windowBeginNanos;
    private long windowMaxNanos; // The maximum of the running window.
    private long formerMaxNanos; // The maximum of the window before.
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

    /** The lag of the last tick. */
    long lagNanos() {
        return lagNanos;
    }

    /** The longest lag of the running window and the window before. */
    long lagNanosMax() {
        return lagNanosMax;
    }
}
