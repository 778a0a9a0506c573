package org.rotunda.media.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one place of the media plane where bytes of a peer become text. Malformed UTF-8 (RFC 3629 §3) is refused. A lax
 * decoder would replace each malformed byte by a character of three bytes. A text whose bytes were within a limit could
 * then exceed the limit when it is written again.
 */
public final class Utf8 {
    private Utf8() {}

    /** Returns the text, or null if the bytes are malformed. The text has the same bytes when it is written again. */
    public static @Nullable String read(ByteBuf bytes, int index, int length) {
        return isValid(bytes, index, length) ? bytes.toString(index, length, StandardCharsets.UTF_8) : null;
    }

    /** Returns the readable bytes as text, or null if they are malformed. */
    public static @Nullable String read(ByteBuf bytes) {
        return read(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /** Returns whether the bytes are well-formed. Allocates nothing. */
    public static boolean isValid(ByteBuf bytes, int index, int length) {
        return ByteBufUtil.isText(bytes, index, length, StandardCharsets.UTF_8);
    }

    /** Returns whether the text can be written. Half of a surrogate pair has no bytes in UTF-8. */
    public static boolean isWritable(CharSequence text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair = i + 1 < end && Character.isSurrogatePair(c, text.charAt(i + 1));
                if (!isPair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
