package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects the few changes that complete a file, and makes them in order. */
final class FileChanges implements FileSink {
    private record Change(long position, ByteBuf bytes) {}

    private final MediaFile file;
    private final List<Change> changes = new ArrayList<>();
    private long end;

    FileChanges(MediaFile file, long end) {
        this.file = file;
        this.end = end;
    }

    @Override
    public void append(ByteBuf bytes) {
        int length = bytes.readableBytes();
        changes.add(new Change(end, bytes));
        end += length;
    }

    @Override
    public void patch(long position, ByteBuf bytes) {
        changes.add(new Change(position, bytes));
    }

    void apply() throws IOException {
        for (Change change : changes) {
            file.write(change.position(), change.bytes().nioBuffer());
        }
    }
}
