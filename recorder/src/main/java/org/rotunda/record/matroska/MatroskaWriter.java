package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Writes a file of one track. Frames collect in a buffer, which {@link #flush} hands to the sink as a whole; the head
 * and every flush are whole elements, so what the sink has taken is a file at any time.
 *
 * <p>Sans-IO: bytes leave through {@link FileSink}. Owned by one thread. Memory: the buffer, {@link #BUFFER_BYTES_MAX}
 * and one frame, and the list of places to enter.
 */
public final class MatroskaWriter {
    /** The length at which the buffer is flushed by itself. */
    public static final int BUFFER_BYTES_MAX = 1024 * 1024;

    /** The maximum length of a frame. The largest key frames of WebRTC have some 500 KiB. */
    public static final int FRAME_BYTES_MAX = 4 * 1024 * 1024;

    static final long CLUSTER_MS_MAX = 5_000;
    static final long CLUSTER_BYTES_MAX = 4L * 1024 * 1024;
    /** The age from which a cluster ends before a key frame, so that the key frame can be entered. */
    static final long CLUSTER_MS_MIN = 1_000;

    private static final int BUFFER_BYTES_INITIAL = 16 * 1024;
    private static final long NONE = -1;

    private final FileSink sink;
    private final ByteBufAllocator allocator;
    private final HeadLayout layout;
    private final boolean isVideo;
    private final MediaEnd end;
    private final CueList cues = new CueList();

    private ByteBuf buffer;
    private long flushedBytes; // The position of the buffer's first byte in the file.
    private long bufferedFromMs = NONE; // The timestamp of the first frame in the buffer.
    private long clusterPosition = NONE;
    private long clusterMs;
    private boolean closed;

    /** Begins a file: the head is in the buffer. */
    public MatroskaWriter(SegmentHead head, FileSink sink, ByteBufAllocator allocator) {
        this.sink = sink;
        this.allocator = allocator;
        isVideo = head.track().codec().isVideo();
        end = new MediaEnd(head.track().codec());
        buffer = allocator.buffer(BUFFER_BYTES_INITIAL);
        layout = HeadWriter.write(buffer, head);
    }

    /**
     * Appends a frame.
     *
     * @param timestampMs must be higher than that of the frame before, and not negative
     * @param frame is borrowed; its readable bytes are copied, at most {@link #FRAME_BYTES_MAX}
     */
    public void frame(long timestampMs, boolean keyFrame, ByteBuf frame) {
        int length = frame.readableBytes();
        if (closed || timestampMs <= end.lastMs() || timestampMs < 0 || length > FRAME_BYTES_MAX) {
            throw new IllegalStateException("frame at " + timestampMs + " ms with " + length + " bytes after "
                    + end.lastMs() + " ms" + (closed ? ", file is closed" : ""));
        }
        boolean isEntry = isVideo && keyFrame;
        if (beginsCluster(timestampMs, isEntry)) {
            endCluster();
            clusterPosition = lengthBytes();
            clusterMs = timestampMs;
            Cluster.writeHeader(buffer, timestampMs);
            if (!isVideo || keyFrame) {
                cues.add(timestampMs, clusterPosition);
            }
        }
        Cluster.writeBlockHeader(buffer, (int) (timestampMs - clusterMs), keyFrame, length);
        buffer.writeBytes(frame, frame.readerIndex(), length);
        end.onFrame(timestampMs, frame, frame.readerIndex(), length);
        if (bufferedFromMs == NONE) {
            bufferedFromMs = timestampMs;
        }
        if (buffer.readableBytes() >= BUFFER_BYTES_MAX) {
            flush();
        }
    }

    private boolean beginsCluster(long timestampMs, boolean isEntry) {
        if (clusterPosition == NONE) {
            return true;
        }
        long ageMs = timestampMs - clusterMs;
        return ageMs >= CLUSTER_MS_MAX
                || (isEntry && ageMs >= CLUSTER_MS_MIN)
                || lengthBytes() - clusterPosition >= CLUSTER_BYTES_MAX;
    }

    /** Writes the size of the cluster that ends here: into the buffer, or as a patch if its header has been flushed. */
    private void endCluster() {
        if (clusterPosition == NONE) {
            return;
        }
        long size = Ebml.size8(lengthBytes() - clusterPosition - Cluster.CONTENT_OFFSET);
        long position = clusterPosition + Cluster.SIZE_OFFSET;
        if (clusterPosition >= flushedBytes) {
            buffer.setLong((int) (position - flushedBytes), size);
        } else {
            flush(); // The size must not say more than the file holds.
            sink.patch(position, Ebml.buffer().writeLong(size));
        }
    }

    /** Hands the buffer to the sink, if there is anything in it. */
    public void flush() {
        if (!buffer.isReadable()) {
            return;
        }
        ByteBuf full = buffer;
        buffer = allocator.buffer(BUFFER_BYTES_INITIAL);
        flushedBytes += full.readableBytes();
        bufferedFromMs = NONE;
        sink.append(full);
    }

    /**
     * Completes the file: the last cluster's size, Cues, SeekHead, Duration and the segment's size. A file without
     * frames keeps only its head.
     */
    public void close() {
        if (closed) {
            return;
        }
        endCluster();
        flush();
        closed = true;
        buffer.release();
        if (clusterPosition != NONE) {
            flushedBytes = SegmentEnd.write(layout, cues, flushedBytes, end.endMs(), sink);
        }
    }

    /** Gives up the file: what is in the buffer is lost, what was flushed can be repaired. */
    public void abandon() {
        if (!closed) {
            closed = true;
            buffer.release();
        }
    }

    /** Returns the length of the file with what is in the buffer. */
    public long lengthBytes() {
        return closed ? flushedBytes : flushedBytes + buffer.readableBytes();
    }

    /**
     * Returns the time from the first frame in the buffer to the end of the last, or 0 if no frame is in the buffer.
     */
    public long bufferedMs() {
        return bufferedFromMs == NONE ? 0 : end.endMs() - bufferedFromMs;
    }

    /** Returns the timestamp of the last frame, or -1 before the first. */
    public long lastMs() {
        return end.lastMs();
    }

    /** Returns the end of the last frame, which becomes the file's duration, or -1 before the first. */
    public long endMs() {
        return end.endMs();
    }
}
