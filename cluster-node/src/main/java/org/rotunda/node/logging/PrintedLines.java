package org.rotunda.node.logging;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A stream whose lines become log events. Libraries sometimes print on {@link System#out}; for example, Pekko
 * Projections prints a line when a projection stops. Such lines would break a log of JSON objects. Thread-safe.
 */
public final class PrintedLines extends OutputStream {
    private static final int LINE_BYTES_MAX = 64 * 1024; // A longer line is split.

    private final String logger;
    private final Level level;
    private final ThreadLocal<Boolean> logging = ThreadLocal.withInitial(() -> false);
    // Guarded by the monitor of this stream.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    PrintedLines(String logger, Level level) {
        this.logger = logger;
        this.level = level;
    }

    /**
     * Replaces {@link System#out} for the rest of the process. Must be called before a library stores the old stream.
     * Lines go to the logger {@code stdout} at INFO.
     */
    public static void takeStandardOutput() {
        System.setOut(stream("stdout", Level.INFO));
    }

    /**
     * Replaces {@link System#err} for the rest of the process, and logs exceptions that end a thread. Lines go to the
     * logger {@code stderr} at WARN.
     */
    public static void takeStandardError() {
        System.setErr(stream("stderr", Level.WARN));
        Logger log = LoggerFactory.getLogger("stderr");
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> log.error("Thread {} ended with an exception", thread.getName(), failure));
    }

    private static PrintStream stream(String logger, Level level) {
        return new PrintStream(new PrintedLines(logger, level), true, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int character) {
        String complete;
        synchronized (this) {
            if (character != '\n') {
                line.write(character);
            }
            if (character != '\n' && line.size() < LINE_BYTES_MAX) {
                return;
            }
            complete = line.toString(StandardCharsets.UTF_8).stripTrailing();
            line.reset();
        }
        log(complete);
    }

    private void log(String text) {
        if (text.isEmpty()
                // The log prints its own errors. Logging those lines would loop.
                || logging.get()) {
            return;
        }
        logging.set(true);
        try {
            LoggerFactory.getLogger(logger).atLevel(level).log(text);
        } finally {
            logging.remove();
        }
    }
}
