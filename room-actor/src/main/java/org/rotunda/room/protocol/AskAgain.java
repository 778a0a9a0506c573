package org.rotunda.room.protocol;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Repeats a question until it is answered. A question to a node that has just died is lost, so a caller that asks only
 * once would wait for its full timeout. Used only for questions that change nothing, and for commands whose repeat is
 * acknowledged without another change. Pure functions.
 */
public final class AskAgain {
    /**
     * The time after which a question is asked again. A running room answers within milliseconds. After this time the
     * question is probably lost, or the room is being taken over by another node.
     */
    static final Duration AGAIN_AFTER = Duration.ofSeconds(2);

    private AskAgain() {}

    /**
     * Asks the question until it is answered or the time is up. Only a {@link TimeoutException} leads to another
     * question. The stage fails with any other failure at once.
     *
     * @param timeout the limit for all questions together
     * @param question a function that asks once; its argument is the time that the answer may take
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
        return Failures.rootCause(failure) instanceof TimeoutException;
    }
}
