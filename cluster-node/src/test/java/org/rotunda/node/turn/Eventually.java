package org.rotunda.node.turn;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, with a deadline that is far longer than any step takes. */
final class Eventually {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private Eventually() {}

    static <T> T get(String what, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            Optional<T> seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    static void isTrue(String what, BooleanSupplier condition) {
        get(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    static void hasEnded(String what, long processId) {
        isTrue(
                "the end of " + what,
                () -> ProcessHandle.of(processId).filter(ProcessHandle::isAlive).isEmpty());
    }
}
