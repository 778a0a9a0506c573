package org.rotunda.record.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.rotunda.record.matroska.MediaFile;

/** A file on the disk, for the reader and the repair. */
record ChannelFile(FileChannel channel) implements MediaFile {
    @Override
    public long lengthBytes() throws IOException {
        return channel.size();
    }

    @Override
    public void read(long position, ByteBuffer destination) throws IOException {
        long at = position;
        while (destination.hasRemaining()) {
            int count = channel.read(destination, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        Spool.writeAll(channel, position, source);
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
        channel.truncate(lengthBytes);
    }
}
