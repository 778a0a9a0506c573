package org.rotunda.load.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bots that join at a given rate, stay for a while and leave. The rate does not depend on whether earlier joins have
 * completed. The joins begin on a thread of this class.
 */
final class JoinStorm implements AutoCloseable {
    private final Joins joins;
    private final Scenario.JoinStream stream;
    private final Duration rise;
    private final long startNanos = System.nanoTime();
    private long begun; // The number of joins that have begun. Only the timer's thread uses this field.
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

    /**
     * Starts the storm.
     *
     * @param rise the time in which the join rate rises from zero to the rate of the stream
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The tasks end with the timer.
    static JoinStorm start(Joins joins, Scenario.JoinStream stream, Duration rise) {
        JoinStorm storm = new JoinStorm(joins, stream, rise);
        storm.timer.execute(storm::joinOne);
        return storm;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Failed joins are recorded, and nobody waits for a leave.
    private void joinOne() {
        joins.join(stream.seat(begun++))
                .thenAccept(visit -> later(visit.leave(), stream.stay().toNanos()));
        later(this::joinOne, startNanos + stream.dueNanos(begun, rise) - System.nanoTime());
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void later(Runnable task, long delayNanos) {
        if (!timer.isShutdown()) {
            timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Cancels all joins and departures that have not begun. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
