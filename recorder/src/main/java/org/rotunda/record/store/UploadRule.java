package org.rotunda.record.store;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Decides what follows a failed upload. The spool file stays after each failure. What may get better by itself is tried
 * again soon, what somebody must repair less often, and everything until the keep time is over.
 */
public final class UploadRule {
    static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    static final Duration PAUSE_MAX = Duration.ofMinutes(5);

    /** The time for which an account may repair its settings before a recording is dropped (53616). */
    public static final Duration KEEP = Duration.ofDays(3);

    /** Doubling from the shortest pause reaches the longest one before this number of attempts. */
    private static final int DOUBLINGS_MAX = 10;

    private final RandomGenerator random;

    /**
     * @param random draws the part that is taken off a pause; only one thread may use the rule unless it is safe for
     *     several
     */
    public UploadRule(RandomGenerator random) {
        this.random = random;
    }

    /** The decision after a failure. */
    public sealed interface Verdict {
        record Retry(Instant at) implements Verdict {}

        record GiveUp() implements Verdict {}
    }

    /**
     * Decides what follows a failure.
     *
     * @param attempts the number of attempts so far, at least 1
     * @param isOfAccount whether the upload goes to the bucket of an account; media of our own store is never given up
     */
    public Verdict after(StoreFailure failure, int attempts, boolean isOfAccount, Instant firstTriedAt, Instant now) {
        boolean isOver = isOfAccount && !now.isBefore(firstTriedAt.plus(KEEP));
        if (failure == StoreFailure.MISSING || isOver) {
            return new Verdict.GiveUp();
        }
        return new Verdict.Retry(now.plus(pause(failure, attempts)));
    }

    /** Returns the pause. A random part of up to a half is taken off, so that uploads do not come all at once. */
    private Duration pause(StoreFailure failure, int attempts) {
        boolean needsRepair = failure == StoreFailure.REFUSED || failure == StoreFailure.FULL;
        int doublings = Math.min(Math.max(attempts - 1, 0), DOUBLINGS_MAX);
        long wholeMs =
                needsRepair ? PAUSE_MAX.toMillis() : Math.min(PAUSE_MIN.toMillis() << doublings, PAUSE_MAX.toMillis());
        return Duration.ofMillis(wholeMs - (long) (random.nextDouble() * (wholeMs / 2.0)));
    }
}
