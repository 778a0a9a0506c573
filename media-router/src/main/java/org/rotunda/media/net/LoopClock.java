package org.rotunda.media.net;

import io.netty.util.concurrent.EventExecutor;

/** The time of a loop: the scale of {@link System#nanoTime}, or a mock ticker's in tests. */
final class LoopClock {
    private LoopClock() {}

    static long nanoTime(EventExecutor loop) {
        return loop.ticker().initialNanoTime() + loop.ticker().nanoTime(); // Netty counts from its own start.
    }
}
