package org.rotunda.media.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a loop still turns, and how late it is: a task that ought to run every 50 ms. Written by the loop, read from
 * any thread.
 */
final class LoopPulse {
    /** Five ticks in the 250 ms between two beats of a node. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop loop;
    private final AtomicLong lagNanosMax = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();
    private long lastTickNanos;
    private volatile long lagNanos;

    LoopPulse(EventLoop loop) {
        this.loop = loop;
        lastTickNanos = LoopClock.nanoTime(loop);
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
        lagNanos = lag;
        lagNanosMax.accumulateAndGet(lag, Math::max);
        lastTickNanos = nowNanos;
        ticks.incrementAndGet();
        if (!loop.isShuttingDown()) {
            schedule();
        }
    }

    long ticks() {
        return ticks.get();
    }

    long lagNanos() {
        return lagNanos;
    }

    long takeLagNanosMax() {
        return lagNanosMax.getAndSet(0);
    }
}
