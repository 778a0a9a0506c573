package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A task that ought to run every 50 ms: it shows that a loop still turns, and how late it is. Written by the loop, read
 * from any thread.
 */
final class LoopPulse {
    /** Five ticks in the 250 ms between two beats of a node. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A maximum is kept for one to two windows, so that each collection of metrics, mostly each 15 s, sees it. */
    static final long LAG_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final EventLoop loop;
    private final AtomicLong ticks = new AtomicLong();
    private long lastTickNanos;
    private long windowBeginNanos;
    private long windowMaxNanos; // Of the window that runs.
    private long formerMaxNanos; // Of the window before it.
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

    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the loop.
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

    /** The longest lag of the running window and the one before it. */
    long lagNanosMax() {
        return lagNanosMax;
    }
}
