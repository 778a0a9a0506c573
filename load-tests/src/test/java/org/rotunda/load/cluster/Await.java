package org.rotunda.load.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a condition with a deadline, on the test thread. */
public final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private Await() {}

    /**
     * Returns when the condition holds.
     *
     * @param what for the failure after {@code patience}
     */
    public static void until(String what, Duration patience, BooleanSupplier condition) {
        until(() -> what, patience, condition);
    }

    /** With a description that is made when it is too late, and so can say what is there instead. */
    public static void until(Supplier<String> what, Duration patience, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(patience);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("waited " + patience.toMillis() + " ms in vain for: " + what.get());
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
