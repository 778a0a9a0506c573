package org.rotunda.room.protocol;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds out why a stage has failed. */
public final class Failures {
    private Failures() {}

    /** Returns the failure without the exceptions in which stages and futures wrap it. */
    public static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
