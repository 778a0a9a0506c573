package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a frame that is not complete yet, kept by reference: the only copy of their bytes is the one into the
 * file's buffer.
 */
final class OpenFrame {
    /** The maximum length of a frame; the limit of a file. */
    static final int BYTES_MAX = 4 * 1024 * 1024;

    private static final int PARTS_MAX = 4_096; // A composite with more parts would copy them together.

    private @Nullable CompositeByteBuf parts;

    boolean isOpen() {
        return parts != null;
    }

    void begin() {
        clear();
        parts = Unpooled.compositeBuffer(PARTS_MAX);
    }

    /** Adds a part; takes ownership. Returns false, and adds nothing, if the frame would be too large. */
    boolean add(ByteBuf part) {
        CompositeByteBuf open = parts;
        if (open == null
                || open.readableBytes() + part.readableBytes() > BYTES_MAX
                || open.numComponents() >= PARTS_MAX) {
            part.release();
            return false;
        }
        open.addComponent(true, part);
        return true;
    }

    /** Hands the frame out, with its ownership. */
    ByteBuf finish() {
        CompositeByteBuf whole = parts;
        if (whole == null) {
            throw new IllegalStateException("no frame is open");
        }
        parts = null;
        return whole;
    }

    void clear() {
        if (parts != null) {
            parts.release();
            parts = null;
        }
    }
}
