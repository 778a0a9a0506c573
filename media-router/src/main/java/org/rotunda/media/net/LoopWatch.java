package org.rotunda.media.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The watch over the turns of one loop. A turn is a read batch, a task or a wake-up, with the drain that follows it.
 * Turns that hold the loop for too long are counted and logged, with the transport that the core was handling.
 *
 * <p>The loop calls {@link #begin} and {@link #end}. The watchdog thread of the loops calls {@link #look} often, because
 * only a look during a long turn sees which transport is to blame: at the end of the turn the core may be at another.
 */
final class LoopWatch {
    /** The duration from which a turn counts as slow. Every other call of the loop stands still for that time. */
    static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The duration after which a turn is logged before its end, because it may never end. */
    static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The least time between two log lines. The counter counts all slow turns. */
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final long NO_TURN = Long.MIN_VALUE;

    private final int index;
    private final Supplier<@Nullable Object> handled;
    private final MediaNetStatistics statistics;
    private final AtomicLong begunNanos = new AtomicLong(NO_TURN);
    private final AtomicReference<@Nullable Object> suspect = new AtomicReference<>();
    private long nextLogNanos = Long.MIN_VALUE; // Used by the loop.
    private long hangingSinceNanos = NO_TURN; // The last turn that was logged before its end. Used by the watchdog.

    /** @param handled returns what the core handles now or has handled last; called on the loop and by the watchdog */
    LoopWatch(int index, Supplier<@Nullable Object> handled, MediaNetStatistics statistics) {
        this.index = index;
        this.handled = handled;
        this.statistics = statistics;
    }

    void begin(long nowNanos) {
        begunNanos.setRelease(nowNanos);
    }

    void end(long nowNanos) {
        long heldNanos = nowNanos - begunNanos.getPlain();
        begunNanos.setRelease(NO_TURN);
        if (heldNanos >= SLOW_NANOS) {
            onSlow(heldNanos, nowNanos);
        }
    }

    private void onSlow(long heldNanos, long nowNanos) {
        statistics.onSlowTurn();
        Object seen = suspect.getAndSet(null);
        if (nextLogNanos == Long.MIN_VALUE || nowNanos - nextLogNanos >= 0) {
            nextLogNanos = nowNanos + LOG_INTERVAL_NANOS;
            // A process that has just started has some slow turns, so they are no warning. The counter shows a rate.
            LOG.atLevel(heldNanos >= HANGING_NANOS ? Level.WARN : Level.INFO)
                    .log(
                            "media loop {} was held for {} ms by {} ({} slow turns so far)",
                            index,
                            TimeUnit.NANOSECONDS.toMillis(heldNanos),
                            seen == null ? handled.get() : seen,
                            statistics.slowTurns());
        }
    }

    /** Notes what the core handles if the current turn is slow. Called by the watchdog. */
    void look(long nowNanos) {
        long since = begunNanos.getAcquire();
        if (since == NO_TURN || nowNanos - since < SLOW_NANOS) {
            return;
        }
        Object now = handled.get();
        suspect.set(now);
        if (begunNanos.getAcquire() != since) {
            suspect.compareAndSet(now, null); // The turn ended meanwhile, so the observation belongs to no turn.
        } else if (nowNanos - since >= HANGING_NANOS && hangingSinceNanos != since) {
            hangingSinceNanos = since;
            LOG.warn(
                    "media loop {} is still held by {} after {} ms",
                    index,
                    now,
                    TimeUnit.NANOSECONDS.toMillis(nowNanos - since));
        }
    }
}
