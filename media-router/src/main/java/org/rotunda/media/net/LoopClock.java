package org.rotunda.media.net;

import io.netty.util.concurrent.EventExecutor;

/** The clock of a loop. It shows {@link System#nanoTime}, except in tests, where a mock ticker may set the time. */
final class LoopClock {
    private LoopClock() {}

    static long nanoTime(EventExecutor loop) {
        return loop.ticker().initialNanoTime() + loop.ticker().nanoTime(); // Netty's time starts at zero.
    }
}
