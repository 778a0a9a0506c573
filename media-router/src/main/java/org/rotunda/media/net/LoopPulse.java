package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A task that a loop runs every 50 ms while it has work, and every 200 ms while it has none, because each run wakes the
 * loop. Each run is a tick. The task counts the ticks and measures how late they are, to show whether the loop hangs or
 * lags. Only the loop writes the figures; any thread may read them.
 */
final class LoopPulse {
    /** The interval of the ticks of a loop that has work. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The interval of the ticks of a loop that has read nothing since the last tick. A node checks every 250 ms whether
     * all loops have turned, so at least one tick must fit in that time.
     */
    static final long IDLE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * The length of a window over which the maximum lag is measured. {@link #lagNanosMax} covers the running and the
     * previous window, so that metrics collected every 15 s miss no lag.
     */
    static final long LAG_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final EventLoop loop;
    private final LongSupplier work;
    private final AtomicLong ticks = new AtomicLong();
    private volatile long lastTickNanos;
    private long windowBeginNanos;
    private long windowMaxNanos; // The maximum lag in the running window.
    private long formerMaxNanos; // The maximum lag in the previous window.
    private volatile long lagNanos;
    private volatile long lagNanosMax;
    private volatile long intervalNanos = INTERVAL_NANOS;
    private long workDone;

    /** @param work returns a number that rises with every batch that the loop reads; called on the loop */
    LoopPulse(EventLoop loop, LongSupplier work) {
        this.loop = loop;
        this.work = work;
        lastTickNanos = LoopClock.nanoTime(loop);
        windowBeginNanos = lastTickNanos;
    }

    void start() {
        schedule();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The task ends with the loop.
    private void schedule() {
        loop.schedule(this::onTick, intervalNanos, TimeUnit.NANOSECONDS);
    }

    private void onTick() {
        long nowNanos = LoopClock.nanoTime(loop);
        lagNanos = Math.max(0, nowNanos - lastTickNanos - intervalNanos);
        lastTickNanos = nowNanos;
        addLag(lagNanos, nowNanos);
        ticks.incrementAndGet();
        long done = work.getAsLong();
        intervalNanos = done == workDone ? IDLE_INTERVAL_NANOS : INTERVAL_NANOS;
        workDone = done;
        if (!loop.isShuttingDown()) {
            schedule();
        }
    }

    /** Notes a turn that held the loop for so long. Between the ticks of an idle loop it would not be noticed. */
    void onSlowTurn(long heldNanos, long nowNanos) {
        addLag(heldNanos, nowNanos);
    }

    private void addLag(long lag, long nowNanos) {
        if (nowNanos - windowBeginNanos >= LAG_WINDOW_NANOS) {
            windowBeginNanos = nowNanos;
            formerMaxNanos = windowMaxNanos;
            windowMaxNanos = 0;
        }
        windowMaxNanos = Math.max(windowMaxNanos, lag);
        lagNanosMax = Math.max(windowMaxNanos, formerMaxNanos);
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
        return Math.max(lagNanosMax, LoopClock.nanoTime(loop) - lastTickNanos - intervalNanos);
    }
}
