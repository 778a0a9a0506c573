package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the blocks of a file that {@link MatroskaWriter} wrote, whole or not. The walk ends before the first block
 * that is not whole or not valid; it never trusts a size beyond the file, and every step moves forward.
 *
 * <p>Reads the file in pieces of {@link #WINDOW_BYTES}, whatever the sizes in it. Owned by one thread.
 */
public final class MatroskaReader {
    static final int WINDOW_BYTES = 64 * 1024;

    private static final long NONE = -1;

    private final MediaFile file;
    private final long length;
    private final SegmentHead head;
    private final HeadLayout layout;

    private final ByteBuf window = Unpooled.buffer(WINDOW_BYTES, WINDOW_BYTES);
    private long windowPosition;

    private long at; // The position of the next element.
    private long clusterPosition = NONE;
    private long clusterMs;
    private boolean clusterHasBlock;
    private long mediaEnd = NONE;
    private long timestampMs = NONE;
    private boolean keyFrame;
    private boolean firstOfCluster;
    private int frameBytes;
    private long framePosition;
    private boolean ended;

    private MatroskaReader(MediaFile file, long length, HeadReader.Found found) {
        this.file = file;
        this.length = length;
        head = found.head();
        layout = found.layout();
        at = layout.end();
    }

    /** Opens a file. Returns null if it does not begin with a whole head of ours. */
    public static @Nullable MatroskaReader open(MediaFile file) throws IOException {
        long length = file.lengthBytes();
        ByteBuf start = Unpooled.buffer((int) Math.min(length, HeadReader.LENGTH_MAX));
        file.read(0, start.nioBuffer(0, start.capacity()));
        HeadReader.Found found = HeadReader.read(start.writerIndex(start.capacity()));
        return found == null ? null : new MatroskaReader(file, length, found);
    }

    public SegmentHead head() {
        return head;
    }

    HeadLayout layout() {
        return layout;
    }

    /** Moves to the next block. Returns false at the end of the media; then no more can be read. */
    public boolean next() throws IOException {
        if (ended) {
            return false;
        }
        firstOfCluster = false;
        if (see(Cluster.HEADER_BYTES) && Cluster.isHeader(window, index())) {
            long clusterTimestampMs = Cluster.timestampMs(window, index());
            if ((clusterPosition != NONE && !clusterHasBlock) || clusterTimestampMs <= timestampMs) {
                return end();
            }
            clusterPosition = at;
            clusterMs = clusterTimestampMs;
            clusterHasBlock = false;
            firstOfCluster = true;
            at += Cluster.HEADER_BYTES;
        }
        boolean isBlock = clusterPosition != NONE && see(Cluster.BLOCK_HEADER_BYTES) && readBlock();
        return isBlock || end();
    }

    private boolean readBlock() {
        int index = index();
        if (!Cluster.isBlockHeader(window, index)) {
            return false;
        }
        int bytes = Cluster.frameBytes(window, index);
        long blockMs = clusterMs + Cluster.relativeMs(window, index);
        boolean startsCluster = firstOfCluster;
        if (bytes > length - at - Cluster.BLOCK_HEADER_BYTES
                || bytes > MatroskaWriter.FRAME_BYTES_MAX
                || blockMs <= timestampMs
                || (startsCluster && blockMs != clusterMs)) {
            return false;
        }
        keyFrame = Cluster.isKeyFrame(window, index);
        timestampMs = blockMs;
        frameBytes = bytes;
        framePosition = at + Cluster.BLOCK_HEADER_BYTES;
        at = framePosition + bytes;
        mediaEnd = at;
        clusterHasBlock = true;
        return true;
    }

    private boolean end() {
        ended = true;
        return false;
    }

    /** Makes sure that the next {@code bytes} bytes are in the window. Returns false if the file ends before. */
    private boolean see(int bytes) throws IOException {
        if (at + bytes > length) {
            return false;
        }
        if (at < windowPosition || at + bytes > windowPosition + window.writerIndex()) {
            windowPosition = at;
            int filled = (int) Math.min(WINDOW_BYTES, length - at);
            ByteBuffer into = window.nioBuffer(0, filled);
            file.read(at, into);
            window.setIndex(0, filled - into.remaining());
        }
        return at + bytes <= windowPosition + window.writerIndex();
    }

    private int index() {
        return (int) (at - windowPosition);
    }

    /** Returns the timestamp of the present block. */
    public long timestampMs() {
        return timestampMs;
    }

    public boolean isKeyFrame() {
        return keyFrame;
    }

    /** Returns the length of the present frame; at most {@link MatroskaWriter#FRAME_BYTES_MAX}. */
    public int frameBytes() {
        return frameBytes;
    }

    /** Appends the first {@code count} bytes of the present frame, at most {@link #frameBytes}, to a buffer. */
    public void readFrame(ByteBuf destination, int count) throws IOException {
        long offset = framePosition - windowPosition;
        if (offset >= 0 && offset + count <= window.writerIndex()) {
            destination.writeBytes(window, (int) offset, count); // The common case of small frames needs no read.
            return;
        }
        destination.ensureWritable(count);
        int index = destination.writerIndex();
        file.read(framePosition, destination.nioBuffer(index, count));
        destination.writerIndex(index + count);
    }

    /** Returns the position of the cluster of the present block. */
    long clusterPosition() {
        return clusterPosition;
    }

    /** Returns whether the present block is the first of its cluster. */
    boolean isFirstOfCluster() {
        return firstOfCluster;
    }

    /** Returns the position after the last whole block, or -1 if there is none. */
    long mediaEnd() {
        return mediaEnd;
    }
}
