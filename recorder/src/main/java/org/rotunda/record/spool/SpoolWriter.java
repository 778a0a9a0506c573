package org.rotunda.record.spool;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that writes segments. All writes of a segment go to one writer, in order. Event loops hand work over and
 * never wait; what is done comes back on the event loop of the segment's owner.
 */
public final class SpoolWriter implements AutoCloseable {
    /**
     * The maximum number of writes that may wait: each of 600 takes may have 4 MiB on its way, in flushes and patches.
     */
    static final int TASKS_MAX = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
    private static final long STOP_SECONDS = 30;

    private final Spool spool;
    private final long syncNanos;
    private final ThreadPoolExecutor thread;

    /**
     * Starts a writer.
     *
     * @param syncInterval how often a file is made to survive a crash of the machine while it is written
     */
    public SpoolWriter(Spool spool, Duration syncInterval, String name) {
        this.spool = spool;
        syncNanos = syncInterval.toNanos();
        thread = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(TASKS_MAX), task -> new Thread(task, name));
    }

    /** Hears of a segment, on the executor that it was opened with. */
    public interface Listener {
        /** Bytes of one {@link Segment#append} are in the file. */
        void written(int bytes, long sequence);

        /** The disk is full. The segment must be closed now; the reserve holds its end. */
        void diskFull();

        /** The disk has failed. Nothing more is written; a scan will repair the file. */
        void failed(IOException cause);

        void finished(FinishedSegment segment);
    }

    /** Opens a segment. Its file is made on the writer's thread; the answers come on {@code owner}. */
    public Segment open(Sidecar sidecar, Executor owner, Listener listener) {
        Segment segment = new Segment(sidecar, owner, listener);
        segment.submit(() -> segment.file = SegmentFile.create(spool, sidecar), null);
        return segment;
    }

    private interface Work {
        void run() throws IOException;
    }

    /** A segment that is written. Its methods are called by its owner, and return at once. */
    public final class Segment {
        private final Sidecar sidecar;
        private final Executor owner;
        private final Listener listener;
        // The fields below belong to the writer's thread.
        private @Nullable SegmentFile file;
        private boolean failed;
        private boolean toldFull;
        private long syncedNanos = System.nanoTime();

        private Segment(Sidecar sidecar, Executor owner, Listener listener) {
            this.sidecar = sidecar;
            this.owner = owner;
            this.listener = listener;
        }

        /** Appends bytes. Takes ownership. */
        public void append(ByteBuf bytes, long sequence) {
            int length = bytes.readableBytes();
            submit(
                    () -> {
                        if (!file().append(bytes.nioBuffer()) && !toldFull) {
                            toldFull = true;
                            owner.execute(listener::diskFull);
                        }
                        owner.execute(() -> listener.written(length, sequence));
                        if (System.nanoTime() - syncedNanos >= syncNanos) {
                            file().sync();
                            syncedNanos = System.nanoTime();
                        }
                    },
                    bytes);
        }

        /** Replaces bytes. Takes ownership. */
        public void patch(long position, ByteBuf bytes) {
            submit(() -> file().patch(position, bytes.nioBuffer()), bytes);
        }

        /** Completes the file: nothing more comes. */
        public void finish() {
            submit(
                    () -> {
                        FinishedSegment finished = file().finish();
                        owner.execute(() -> listener.finished(finished));
                    },
                    null);
        }

        private SegmentFile file() {
            SegmentFile open = file;
            if (open == null) {
                throw new IllegalStateException("the segment has no file");
            }
            return open;
        }

        private void submit(Work work, @Nullable ByteBuf bytes) {
            try {
                thread.execute(() -> run(work, bytes));
            } catch (RejectedExecutionException e) {
                release(bytes);
                owner.execute(() -> listener.failed(new IOException("the writer has stopped or is too slow", e)));
            }
        }

        private void run(Work work, @Nullable ByteBuf bytes) {
            try {
                if (!failed) {
                    work.run();
                }
            } catch (IOException e) {
                failed = true;
                LOG.error("segment {} of {} cannot be written", sidecar.segment(), sidecar.recordingSid(), e);
                abandon();
                owner.execute(() -> listener.failed(e));
            } finally {
                release(bytes);
            }
        }

        private void abandon() {
            if (file != null) {
                try {
                    file.abandon();
                } catch (IOException e) {
                    LOG.warn("the file of segment {} cannot be closed", sidecar.name(), e);
                }
            }
        }

        private static void release(@Nullable ByteBuf bytes) {
            if (bytes != null) {
                bytes.release();
            }
        }
    }

    /** Writes what waits, and stops. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the spool's writer did not stop within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
