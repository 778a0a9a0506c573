package org.rotunda.record.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.rotunda.record.matroska.FileSink;
import org.rotunda.record.matroska.MediaFile;

/** The bytes of a file, for tests that need thousands of files. */
public final class MemoryFile implements FileSink, MediaFile {
    private final ByteBuf content;

    public MemoryFile() {
        this(new byte[0]);
    }

    public MemoryFile(byte[] bytes) {
        content = Unpooled.buffer().writeBytes(bytes);
    }

    @Override
    public void append(ByteBuf bytes) {
        content.writeBytes(bytes);
        bytes.release();
    }

    @Override
    public void patch(long position, ByteBuf bytes) {
        if (position + bytes.readableBytes() > content.writerIndex()) {
            throw new IllegalStateException("a patch beyond the end of the file");
        }
        content.setBytes((int) position, bytes);
        bytes.release();
    }

    @Override
    public long lengthBytes() {
        return content.writerIndex();
    }

    @Override
    public void read(long position, ByteBuffer destination) {
        int count = (int) Math.max(0, Math.min(destination.remaining(), content.writerIndex() - position));
        if (count > 0) {
            ByteBuffer part = destination.slice(destination.position(), count);
            content.getBytes((int) position, part);
            destination.position(destination.position() + count);
        }
    }

    @Override
    public void write(long position, ByteBuffer source) {
        if (position > content.writerIndex()) {
            throw new IllegalStateException("a write beyond the end of the file");
        }
        int end = (int) position + source.remaining();
        content.ensureWritable(Math.max(0, end - content.writerIndex()));
        content.writerIndex(Math.max(end, content.writerIndex()));
        content.setBytes((int) position, source);
    }

    @Override
    public void truncate(long lengthBytes) {
        content.writerIndex((int) Math.min(lengthBytes, content.writerIndex()));
    }

    public byte[] bytes() {
        return ByteBufUtil.getBytes(content);
    }
}
