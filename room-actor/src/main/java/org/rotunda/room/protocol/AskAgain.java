package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks what changes nothing until there is an answer. A question on its way to a node that has just died is lost, and the node that
 * takes over knows nothing of it: whoever asks once waits in vain for as long as it is ready to. Pure functions.
 */
public final class AskAgain {
    /** A room that is there answers in milliseconds; one that is being taken over keeps questions until it is. */
    static final Duration AGAIN_AFTER = Duration.ofSeconds(2);

    private AskAgain() {}

    /**
     * Fails as the last question did: with a {@link TimeoutException} if no answer came.
     *
     * @param timeout of all questions together
     * @param question asked with the time its answer may take
     */
    public static <T> CompletionStage<T> ask(Duration timeout, Function<Duration, CompletionStage<T>> question) {
        Duration once = timeout.compareTo(AGAIN_AFTER) < 0 ? timeout : AGAIN_AFTER;
        Duration left = timeout.minus(once);
        CompletionStage<T> answer = question.apply(once);
        return left.isZero()
                ? answer
                : answer.exceptionallyCompose(
                        failure -> isTimeout(failure) ? ask(left, question) : CompletableFuture.failedFuture(failure));
    }

    private static boolean isTimeout(Throwable failure) {
        return (failure instanceof CompletionException ? failure.getCause() : failure) instanceof TimeoutException;
    }
}
