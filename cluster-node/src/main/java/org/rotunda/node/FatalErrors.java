package org.rotunda.node;

import ch.qos.logback.classic.LoggerContext;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an {@link Error} reaches the end of a thread. After an Error the state of the process is
 * unknown: a class may not be loadable, or a thread may have run out of stack in the middle of a change. A supervisor
 * starts the node again. Meanwhile the calls go on at other nodes. Pekko ends the process in the same way for Errors in
 * its own threads, and the JVM does so for its own {@link OutOfMemoryError}s. Media loops pass their Errors to this
 * handler.
 */
final class FatalErrors {
    /** The exit status after an Error. */
    static final int EXIT_STATUS = 70; // EX_SOFTWARE of sysexits.h

    private FatalErrors() {}

    /** Installs the handler for the rest of the process. If there is an earlier handler, it is called first. */
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

    /** Ends the process without its shutdown hooks, because a hook may need the thread that has failed. */
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
