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
 * The watch over the turns of one loop. A turn is a read batch, a task or a wake-up, together with the drain that
 * follows. Turns that hold the loop for too long are counted and logged. The log line names the transport that the core
 * was handling.
 *
 * <p>The loop calls {@link #begin} and {@link #end}. The watchdog thread of the loops calls {@link #look} every {@link
 * #LOOK_NANOS} while any loop has work, and every {@link #IDLE_LOOK_NANOS} otherwise. Only a look during a long turn sees
 * the transport that causes the delay, because at the end of the turn the core may be handling another transport.
 */
final class LoopWatch {
    /** The duration from which a turn counts as slow. During such a turn all other calls on the loop stand still. */
    static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The interval at which the watchdog looks, and the duration of a turn from which a look notes the handled object.
     * Both are half of {@link #SLOW_NANOS}, so at least one look notes an object in each slow turn.
     */
    static final long LOOK_NANOS = SLOW_NANOS / 2;

    /**
     * The interval at which the watchdog looks at loops without work. The first slow turn after a silence may end without
     * a look, and is then logged with what the core handled last.
     */
    static final long IDLE_LOOK_NANOS = LoopPulse.IDLE_INTERVAL_NANOS;

    /** The duration after which a turn is logged before its end, because it may never end. */
    static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The shortest time between two log lines about ended turns. Turns without a log line are still counted. */
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final long NO_TURN = Long.MIN_VALUE;

    private final int index;
    private final Supplier<@Nullable Object> handled;
    private final MediaNetStatistics statistics;
    private final Listener listener;
    private final AtomicLong begunNanos = new AtomicLong(NO_TURN);
    private final AtomicReference<@Nullable Sighting> suspect = new AtomicReference<>();
    private long nextLogNanos = Long.MIN_VALUE; // The earliest time of the next log line. Used by the loop.
    // The start time of the last turn that was logged before its end. Used by the watchdog.
    private long hangingSinceNanos = NO_TURN;

    /** Hears of every slow turn at its end, on the loop. */
    interface Listener {
        void onSlowTurn(long heldNanos, long nowNanos);
    }

    /** The object that the core was handling when the watchdog looked, in the turn that began at this time. */
    private record Sighting(long begunNanos, @Nullable Object handled) {}

    /**
     * @param handled returns the object that the core handles now or has handled last; called on the loop and by the
     *     watchdog
     */
    LoopWatch(int index, Supplier<@Nullable Object> handled, MediaNetStatistics statistics, Listener listener) {
        this.index = index;
        this.handled = handled;
        this.statistics = statistics;
        this.listener = listener;
    }

    void begin(long nowNanos) {
        begunNanos.setRelease(nowNanos);
    }

    void end(long nowNanos) {
        long since = begunNanos.getPlain();
        begunNanos.setRelease(NO_TURN);
        if (nowNanos - since >= SLOW_NANOS) {
            onSlow(since, nowNanos);
        }
    }

    private void onSlow(long since, long nowNanos) {
        statistics.onSlowTurn();
        Sighting sighting = suspect.getAndSet(null);
        Object seen = sighting != null && sighting.begunNanos() == since ? sighting.handled() : handled.get();
        long heldNanos = nowNanos - since;
        listener.onSlowTurn(heldNanos, nowNanos);
        if (nextLogNanos == Long.MIN_VALUE || nowNanos - nextLogNanos >= 0) {
            nextLogNanos = nowNanos + LOG_INTERVAL_NANOS;
            // Every process has some slow turns just after its start, so a slow turn alone is not worth a warning. The
            // counter shows if slow turns become frequent.
            LOG.atLevel(heldNanos >= HANGING_NANOS ? Level.WARN : Level.INFO)
                    .log(
                            "media loop {} was held for {} ms by {} ({} slow turns so far)",
                            index,
                            TimeUnit.NANOSECONDS.toMillis(heldNanos),
                            seen,
                            statistics.slowTurns());
        }
    }

    /**
     * Notes the object that the core handles now, if the current turn may become slow. Logs the turn if it hangs.
     * Called by the watchdog.
     */
    void look(long nowNanos) {
        long since = begunNanos.getAcquire();
        if (since == NO_TURN || nowNanos - since < LOOK_NANOS) {
            return;
        }
        Object now = handled.get();
        if (begunNanos.getAcquire() != since) {
            return; // The turn has ended meanwhile, so the object may belong to a later turn.
        }
        suspect.set(new Sighting(since, now));
        if (nowNanos - since >= HANGING_NANOS && hangingSinceNanos != since) {
            hangingSinceNanos = since;
            LOG.warn(
                    "media loop {} is still held by {} after {} ms",
                    index,
                    now,
                    TimeUnit.NANOSECONDS.toMillis(nowNanos - since));
        }
    }
}
