package org.rotunda.load.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Bots that join at a fixed rate, whether those before are in or not, stay a while and leave. Has a thread of its own. */
final class JoinStorm implements AutoCloseable {
    private final Joins joins;
    private final Scenario.JoinStream stream;
    private final AtomicLong begun = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "joins");
        thread.setDaemon(true);
        return thread;
    });

    private JoinStorm(Joins joins, Scenario.JoinStream stream) {
        this.joins = joins;
        this.stream = stream;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
    static JoinStorm start(Joins joins, Scenario.JoinStream stream) {
        JoinStorm storm = new JoinStorm(joins, stream);
        long periodNanos = (long) (TimeUnit.SECONDS.toNanos(1) / stream.perSecond());
        storm.timer.scheduleAtFixedRate(storm::joinOne, 0, periodNanos, TimeUnit.NANOSECONDS);
        return storm;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Failures are counted by the joins, and nobody waits for a leave.
    private void joinOne() {
        joins.join(stream.seat(begun.getAndIncrement())).thenAccept(bot -> {
            if (!timer.isShutdown()) {
                timer.schedule(bot::leave, stream.stay().toNanos(), TimeUnit.NANOSECONDS);
            }
        });
    }

    long begun() {
        return begun.get();
    }

    /** Nobody joins or leaves any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
