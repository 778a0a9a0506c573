package org.rotunda.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Writes the log to the original standard output of the process. Logback's own appender writes to {@link System#out},
 * whose lines {@link PrintedLines} turns into log events. Created by Logback from its configuration.
 */
public final class StandardOutputAppender extends OutputStreamAppender<ILoggingEvent> {
    @Override
    public void start() {
        setOutputStream(new FileOutputStream(FileDescriptor.out));
        super.start();
    }
}
