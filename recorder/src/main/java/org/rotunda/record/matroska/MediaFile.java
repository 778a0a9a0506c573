package org.rotunda.record.matroska;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is read and changed at any position. An error of the disk leaves as {@link IOException}. */
public interface MediaFile {
    long lengthBytes() throws IOException;

    /** Reads bytes at a position until the destination is full or the file ends. */
    void read(long position, ByteBuffer destination) throws IOException;

    /** Writes all bytes at a position, which is at most the length of the file. */
    void write(long position, ByteBuffer source) throws IOException;

    void truncate(long lengthBytes) throws IOException;
}
