package org.rotunda.gateway.callback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.CallbackFailure;

/**
 * The result of one attempt to deliver a callback.
 *
 * @param failure null if the callback was delivered
 * @param httpStatus the status that the receiver answered; 0 if there was no answer
 * @param detail a sentence for the application's developer; empty if the callback was delivered
 * @param retryAfter the time for which the receiver asks not to be called; zero if it does not ask
 */
record AttemptResult(@Nullable CallbackFailure failure, int httpStatus, String detail, Duration retryAfter) {
    private static final int OK_MIN = 200;
    private static final int REDIRECT_MIN = 300;
    private static final int REFUSAL_MIN = 400;
    private static final int SERVER_ERROR_MIN = 500;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY_REQUESTS = 429;

    /** Returns the result of an attempt that got an answer. */
    static AttemptResult answered(int status, Duration retryAfter) {
        if (status >= OK_MIN && status < REDIRECT_MIN) {
            return new AttemptResult(null, status, "", Duration.ZERO);
        }
        boolean asksForRepeat = status >= SERVER_ERROR_MIN
                || status == REQUEST_TIMEOUT
                || status == TOO_EARLY
                || status == TOO_MANY_REQUESTS;
        if (asksForRepeat) {
            return new AttemptResult(
                    CallbackFailure.SERVER_ERROR, status, "The receiver answered with status " + status, retryAfter);
        }
        return status < REFUSAL_MIN
                ? new AttemptResult(
                        CallbackFailure.REDIRECT,
                        status,
                        "The receiver answered with status " + status + "; redirects are not followed",
                        Duration.ZERO)
                : new AttemptResult(
                        CallbackFailure.REFUSED, status, "The receiver answered with status " + status, Duration.ZERO);
    }

    /** Returns the result of an attempt without an answer. */
    static AttemptResult failed(CallbackFailure failure, String detail) {
        return new AttemptResult(failure, 0, detail, Duration.ZERO);
    }
}
