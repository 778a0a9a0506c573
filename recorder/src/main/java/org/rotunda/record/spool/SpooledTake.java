package org.rotunda.record.spool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.record.take.Take;
import org.rotunda.record.take.TakeSettings;
import org.rotunda.record.take.TakeSink;
import org.rotunda.record.take.TakeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a take to a file of the spool. The file is made when the first frame is there, so a track without media leaves
 * nothing. Every method runs on the event loop that owns the take.
 */
public final class SpooledTake {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledTake.class);

    /** Hears of a take what its file does not need. Calls come on the event loop. */
    public interface Listener {
        void started(int width, int height, long startMs);

        void acknowledge(long sequence);

        void requestKeyFrame();

        /** The file can take no more, because it or the disk is full: {@link Take#close} must be called now. */
        void mustClose();

        /** The segment is complete on the disk. */
        void finished(FinishedSegment segment);

        /** The take has ended without a frame; there is no file. */
        void empty();

        /** The disk has failed: the take has ended, and its file waits for a repair. */
        void failed(IOException cause);
    }

    private final SpoolWriter writer;
    private final Sidecar sidecar;
    private final Executor loop;
    private final LongSupplier nanoTime;
    private final Listener listener;
    private final Take take;
    private SpoolWriter.@Nullable Segment segment;

    /**
     * Begins a take.
     *
     * @param loop runs what comes back from the disk
     * @param nanoTime the loop's clock
     */
    public SpooledTake(
            TakeSource source,
            TakeSettings settings,
            Sidecar sidecar,
            SpoolWriter writer,
            Executor loop,
            LongSupplier nanoTime,
            Listener listener) {
        this.sidecar = sidecar;
        this.writer = writer;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.listener = listener;
        take = new Take(source, settings, new Output(), ByteBufAllocator.DEFAULT, nanoTime.getAsLong());
    }

    /** Returns the take, to which packets and reports are given. */
    public Take take() {
        return take;
    }

    private SpoolWriter.Segment segment() {
        SpoolWriter.Segment open = segment;
        if (open == null) {
            open = writer.open(sidecar, loop, new Disk());
            segment = open;
        }
        return open;
    }

    /** What the take says. */
    private final class Output implements TakeSink {
        @Override
        public void started(int width, int height, long startMs) {
            listener.started(width, height, startMs);
        }

        @Override
        public void append(ByteBuf bytes, long sequence) {
            segment().append(bytes, sequence);
        }

        @Override
        public void patch(long position, ByteBuf bytes) {
            segment().patch(position, bytes);
        }

        @Override
        public void acknowledge(long sequence) {
            listener.acknowledge(sequence);
        }

        @Override
        public void requestKeyFrame() {
            listener.requestKeyFrame();
        }

        @Override
        public void full() {
            listener.mustClose();
        }

        @Override
        public void closed() {
            LOG.info(
                    "take of {} segment {} has ended: {}",
                    sidecar.recordingSid(),
                    sidecar.segment(),
                    take.statistics());
            if (segment == null) {
                listener.empty();
            } else {
                segment.finish();
            }
        }
    }

    /** What the disk answers. */
    private final class Disk implements SpoolWriter.Listener {
        @Override
        public void written(int bytes, long sequence) {
            take.onWritten(bytes, sequence, nanoTime.getAsLong());
        }

        @Override
        public void diskFull() {
            listener.mustClose();
        }

        @Override
        public void failed(IOException cause) {
            take.abandon();
            listener.failed(cause);
        }

        @Override
        public void finished(FinishedSegment finished) {
            listener.finished(finished);
        }
    }
}
