package org.rotunda.room.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks at intervals whether the database answers. The check has its own thread and its own connection, so that full
 * pools and slow statements do not falsify the result. All methods may be called from any thread and return at once.
 */
public final class DatabaseHealth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseHealth.class);

    private final Probe probe;
    private final List<Consumer<DatabaseChanged>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean suspected = new AtomicBoolean();
    private final ScheduledExecutorService thread;
    private volatile boolean away;

    /** A check of the database. Used on one thread. */
    interface Probe extends AutoCloseable {
        /** Returns normally if the database answers. */
        void ask() throws Exception;

        @Override
        void close();
    }

    private DatabaseHealth(Probe probe) {
        this.probe = probe;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread prober = new Thread(task, "rotunda-database-probe");
            prober.setDaemon(true);
            return prober;
        });
    }

    /** Starts a thread that asks the database at once, and again after each interval. */
    static DatabaseHealth start(Probe probe, Duration interval) {
        DatabaseHealth health = new DatabaseHealth(probe);
        var unused = health.thread.scheduleWithFixedDelay(health::ask, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return health;
    }

    /** Returns whether the database has failed to answer the last question. */
    public boolean isAway() {
        return away;
    }

    /** Asks the database at once instead of after the interval, because a statement has failed. */
    public void suspect() {
        if (!away && suspected.compareAndSet(false, true)) {
            try {
                thread.execute(this::ask);
            } catch (RejectedExecutionException closed) {
                LOG.debug("suspected after the close", closed);
            }
        }
    }

    /**
     * Adds a listener. The probe's thread calls the listener each time the database has gone away or is back, so the
     * listener must not block.
     */
    public void onChange(Consumer<DatabaseChanged> listener) {
        listeners.add(listener);
    }

    private void ask() {
        suspected.set(false);
        try {
            probe.ask();
            change(false, null);
        } catch (Exception failure) { // Drivers throw exceptions of many types.
            change(true, failure);
        }
    }

    private void change(boolean nowAway, @Nullable Exception failure) {
        if (away == nowAway) {
            return;
        }
        away = nowAway;
        if (failure != null) {
            LOG.warn("The database is away; calls go on, and what must be written waits or is refused", failure);
        } else {
            LOG.info("The database is back");
        }
        listeners.forEach(listener -> listener.accept(new DatabaseChanged(nowAway)));
    }

    @Override
    public void close() {
        thread.execute(probe::close);
        thread.shutdown();
    }
}
