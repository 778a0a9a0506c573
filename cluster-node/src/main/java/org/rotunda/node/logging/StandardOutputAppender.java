package org.rotunda.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Writes the log to the standard output of the process, even if {@link System#out} was replaced. Logback's own appender
 * writes to {@code System.out}, which {@link PrintedLines} turns into log events. Created by Logback from its
 * configuration.
 */
public final class StandardOutputAppender extends OutputStreamAppender<ILoggingEvent> {
    @Override
    public void start() {
        setOutputStream(new FileOutputStream(FileDescriptor.out));
        super.start();
    }
}
