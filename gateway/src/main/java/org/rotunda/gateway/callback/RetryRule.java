package org.rotunda.gateway.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.StatusCallback;

/**
 * Decides what follows an attempt. What may get better by itself is tried until the keep time is over: no connection, no
 * answer in time, and statuses that ask for a repeat. A refusal or a redirect is tried a few times, because a receiver
 * that is being deployed may give one for a moment. A forbidden address is final.
 */
final class RetryRule {
    private final CallbackSettings settings;
    private final RandomGenerator random;

    RetryRule(CallbackSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /** The decision after an attempt. */
    sealed interface Verdict {
        record Delivered() implements Verdict {}

        record Retry(Instant at, CallbackFailure failure) implements Verdict {}

        record GiveUp(CallbackFailure failure) implements Verdict {}
    }

    /** Decides what follows an attempt that ended at {@code now}. The callback does not count the attempt yet. */
    Verdict after(AttemptResult result, StatusCallback callback, Instant now) {
        CallbackFailure failure = result.failure();
        if (failure == null) {
            return new Verdict.Delivered();
        }
        int attempts = callback.attempts() + 1;
        boolean isOver = !now.isBefore(callback.retriedFrom().plus(settings.keep()));
        if (isOver || attempts >= attemptsMax(failure)) {
            return new Verdict.GiveUp(failure);
        }
        Duration asked =
                result.retryAfter().compareTo(settings.backoffMax()) < 0 ? result.retryAfter() : settings.backoffMax();
        Duration pause = backoff(attempts);
        return new Verdict.Retry(now.plus(pause.compareTo(asked) < 0 ? asked : pause), failure);
    }

    private int attemptsMax(CallbackFailure failure) {
        return switch (failure) {
            case FORBIDDEN -> 1;
            case REFUSED, REDIRECT -> settings.refusedAttemptsMax();
            case SERVER_ERROR, TIMEOUT, UNREACHABLE, UNSIGNED -> Integer.MAX_VALUE;
        };
    }

    /**
     * Returns the pause after this number of failed attempts. It doubles from attempt to attempt up to a maximum. A
     * random part of up to a half is taken off, so that the callbacks of many rooms do not come at the same moment.
     */
    private Duration backoff(int attempts) {
        long maxMs = settings.backoffMax().toMillis();
        long wholeMs = settings.backoffMin().toMillis();
        for (int i = 1; i < attempts && wholeMs < maxMs; i++) {
            wholeMs *= 2;
        }
        wholeMs = Math.min(wholeMs, maxMs);
        return Duration.ofMillis(wholeMs - (long) (random.nextDouble() * (wholeMs / 2.0)));
    }
}
