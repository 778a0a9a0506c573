package org.rotunda.media.net;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.TraceRecorder;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.transport.CongestionTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traces of a node's congestion control as files in a directory, one for each recorded transport. A trace is kept in
 * memory until its transport ends, and then written by a thread of this object. A file that cannot be written is logged
 * and lost; media goes on.
 */
final class TraceFiles implements CongestionTraces {
    private static final Logger LOG = LoggerFactory.getLogger(TraceFiles.class);

    /** The largest number of transports that are recorded at the same time. */
    static final int TRACES_MAX = 16;

    /** The largest number of files in the life of a process, so that traces cannot fill a disk: 2 GiB. */
    static final int FILES_MAX = 256;

    /** The length at which a trace ends: about ten minutes of a call with one video. */
    static final int CHARACTERS_MAX = 8 * 1024 * 1024;

    private static final long CLOSE_SECONDS_MAX = 5;

    private final Path directory;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong number = new AtomicLong();
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("media-traces", true));

    /** Makes the directory if it is missing. */
    TraceFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException("rotunda.media.congestion-traces: no directory " + directory, failure);
        }
    }

    @Override
    public @Nullable TraceRecorder begin(TransportId transport, long startNanos) {
        if (open.incrementAndGet() > TRACES_MAX || begun.getAndIncrement() >= FILES_MAX) {
            open.decrementAndGet();
            return null;
        }
        return new TraceRecorder(startNanos, CHARACTERS_MAX);
    }

    @Override
    public void end(TransportId transport, TraceRecorder trace) {
        // The client chooses the id of its connection, so the id is no part of the name.
        String name =
                transport.roomSid() + "-" + transport.participantSid() + "-" + number.incrementAndGet() + ".trace";
        writer.execute(() -> write(directory.resolve(name), trace));
    }

    private void write(Path file, TraceRecorder trace) {
        try {
            Files.writeString(file, trace.text());
            LOG.info("a trace of the congestion control was written: {}", file);
        } catch (IOException failure) {
            LOG.warn("a trace of the congestion control could not be written: {}", file, failure);
        } finally {
            open.decrementAndGet();
        }
    }

    /** Waits a few seconds until the traces are written that have ended. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("some traces of the congestion control were not written in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
