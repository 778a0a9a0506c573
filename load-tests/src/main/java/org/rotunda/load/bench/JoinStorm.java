package org.rotunda.load.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Bots that join at a rate, whether those before are in or not, stay a while and leave. Has a thread of its own. */
final class JoinStorm implements AutoCloseable {
    private final Joins joins;
    private final Scenario.JoinStream stream;
    private final Duration rise;
    private final long startNanos = System.nanoTime();
    private long begun; // On the timer's thread.
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "joins");
        thread.setDaemon(true);
        return thread;
    });

    private JoinStorm(Joins joins, Scenario.JoinStream stream, Duration rise) {
        this.joins = joins;
        this.stream = stream;
        this.rise = rise;
    }

    /** @param rise how long the rate rises to what the stream says */
    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
    static JoinStorm start(Joins joins, Scenario.JoinStream stream, Duration rise) {
        JoinStorm storm = new JoinStorm(joins, stream, rise);
        storm.timer.execute(storm::joinOne);
        return storm;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Failures are counted by the joins, and nobody waits for a leave.
    private void joinOne() {
        joins.join(stream.seat(begun++))
                .thenAccept(bot -> later(bot::leave, stream.stay().toNanos()));
        later(this::joinOne, startNanos + stream.dueNanos(begun, rise) - System.nanoTime());
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void later(Runnable task, long delayNanos) {
        if (!timer.isShutdown()) {
            timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Nobody joins or leaves any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
