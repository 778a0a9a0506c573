package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;

/** Takes what a file consists of, in this order: bytes for its end, and bytes that replace others. */
public interface FileSink {
    /** Appends bytes. Takes ownership of the buffer. */
    void append(ByteBuf bytes);

    /** Replaces bytes that were appended before. Takes ownership of the buffer. */
    void patch(long position, ByteBuf bytes);
}
