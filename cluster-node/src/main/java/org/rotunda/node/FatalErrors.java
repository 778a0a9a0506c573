package org.rotunda.node;

import ch.qos.logback.classic.LoggerContext;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an {@link Error} reaches the end of a thread. After an Error nobody knows what is broken: a
 * class cannot be loaded, or a thread ran out of stack in the middle of a change. A supervisor starts the node again,
 * and the calls go on at other nodes meanwhile. Pekko does the same for its own threads, and the JVM for its own {@link
 * OutOfMemoryError}s; media loops pass their Errors here.
 */
final class FatalErrors {
    /** The exit status after an Error. */
    static final int EXIT_STATUS = 70; // EX_SOFTWARE of sysexits.h

    private FatalErrors() {}

    /** Installs the handler for the rest of the process. An earlier handler is called first. */
    static void endTheProcess() {
        UncaughtExceptionHandler earlier = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> onUncaught(earlier, thread, failure));
    }

    private static void onUncaught(@Nullable UncaughtExceptionHandler earlier, Thread thread, Throwable failure) {
        try {
            if (earlier != null) {
                earlier.uncaughtException(thread, failure);
            } else {
                LoggerFactory.getLogger(FatalErrors.class)
                        .error("Thread {} ended with an exception", thread.getName(), failure);
            }
        } finally {
            if (failure instanceof Error) {
                end();
            }
        }
    }

    /** Ends the process without its shutdown hooks, which may need the thread that has failed. */
    private static void end() {
        try {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
                log.stop(); // Flushes the log.
            }
        } finally {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }
}
