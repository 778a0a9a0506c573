package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * The bytes of a fuzz test, read as numbers and blocks. After the last byte every number is 0 and every block is empty,
 * so any bytes are a valid input.
 */
public final class FuzzInput {
    /** The number of bytes before the content of a {@link #datagram}, as a parser must add the reader index. */
    private static final int LEADING_BYTES = 7;

    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return at < bytes.length;
    }

    /** Returns the next byte as a number from 0 to 255. */
    public int number() {
        return hasMore() ? bytes[at++] & 0xFF : 0;
    }

    /** Returns the next block: its length in two bytes, then its bytes. The last block may be cut off. */
    public byte[] block() {
        return take(number() << 8 | number());
    }

    public byte[] rest() {
        return take(bytes.length - at);
    }

    private byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length));
        at += taken.length;
        return taken;
    }

    /** Returns a buffer in which every read outside the content throws or gives bytes that do not belong to it. */
    public static ByteBuf datagram(byte[] content) {
        int capacity = LEADING_BYTES + content.length;
        return Unpooled.buffer(capacity, capacity)
                .writeZero(LEADING_BYTES)
                .writeBytes(content)
                .skipBytes(LEADING_BYTES);
    }

    /** Writes an input that is read back with {@link #number} and {@link #block}. */
    public static final class Writer {
        private final ByteBuf out = Unpooled.buffer();

        public Writer number(int number) {
            out.writeByte(number);
            return this;
        }

        public Writer block(byte[] block) {
            out.writeShort(block.length).writeBytes(block);
            return this;
        }

        public Writer rest(byte[] rest) {
            out.writeBytes(rest);
            return this;
        }

        public byte[] bytes() {
            return ByteBufUtil.getBytes(out);
        }
    }
}
