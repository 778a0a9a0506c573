package org.rotunda.gateway.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Captures the lines of one logger until it is closed. */
public final class LogCapture implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Logger logger;
    private final @Nullable Level before;
    private final BlockingQueue<ILoggingEvent> lines = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };

    private LogCapture(String name, Level level) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        logger.setLevel(level);
        appender.start();
        logger.addAppender(appender);
    }

    public static LogCapture of(String name, Level level) {
        return new LogCapture(name, level);
    }

    /** A log line with its key-value pairs. */
    public record Line(Level level, String message, Map<String, String> values) {
        static Line of(ILoggingEvent event) {
            Map<String, String> values = new LinkedHashMap<>();
            if (event.getKeyValuePairs() != null) {
                event.getKeyValuePairs().forEach(pair -> values.put(pair.key, String.valueOf(pair.value)));
            }
            return new Line(event.getLevel(), event.getFormattedMessage(), values);
        }

        /** Returns the value of a key. Fails if the line does not have the key. */
        public String value(String key) {
            return Objects.requireNonNull(values.get(key), key);
        }
    }

    /** Waits for the next line. */
    public Line next() {
        return next(line -> true);
    }

    /** Waits for the next line that matches, and drops the lines before it. */
    public Line next(Predicate<Line> kind) {
        try {
            while (true) {
                ILoggingEvent event = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("nothing is logged");
                }
                Line line = Line.of(event);
                if (kind.test(line)) {
                    return line;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns whether nothing has been logged that was not taken by {@link #next}. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(before);
        appender.stop();
    }
}
