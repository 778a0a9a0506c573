package org.rotunda.record.take;

import io.netty.buffer.ByteBuf;

/** Takes what a take has to say. Calls come in the order in which things must happen. */
public interface TakeSink {
    /**
     * The first frame is there: from now on the recording exists.
     *
     * @param width the width of the first frame in pixels, or 0
     * @param startMs the timestamp of the first frame
     */
    void started(int width, int height, long startMs);

    /**
     * Appends bytes to the file. Takes ownership. When they are written, {@link Take#onWritten} must be called with the
     * same number.
     *
     * @param sequence all packets below it are in the file then, or given up
     */
    void append(ByteBuf bytes, long sequence);

    /** Replaces bytes of the file. Takes ownership. */
    void patch(long position, ByteBuf bytes);

    /** All packets below {@code sequence} need not be kept any longer by the media node. */
    void acknowledge(long sequence);

    void requestKeyFrame();

    /** The file has as many bytes as one may have; the take must be closed and another segment begun. */
    void full();

    /** The file is complete. Only {@link #acknowledge} may follow, when the disk has written what it still has. */
    void closed();
}
