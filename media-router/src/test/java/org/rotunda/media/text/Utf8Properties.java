package org.rotunda.media.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Properties of {@link Utf8}. It accepts and reads the same bytes as a strict decoder of the JDK. A text that it has
 * read is written as the same bytes again.
 */
class Utf8Properties {
    private static @Nullable String strictly(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    private static void check(byte[] bytes) {
        String text = Utf8.read(Unpooled.wrappedBuffer(bytes));
        assertThat(text).isEqualTo(strictly(bytes));
        if (text != null) {
            assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
            assertThat(Utf8.isWritable(text, 0, text.length())).isTrue();
        }
    }

    @Property(tries = 2_000)
    void anyBytesAreReadAsByTheJdk(@ForAll @Size(max = 12) byte[] bytes) {
        check(bytes);
    }

    /** Tests multi-byte sequences, because random bytes seldom form such sequences. */
    @Property(tries = 5_000)
    void sequencesAreReadAsByTheJdk(
            @ForAll @IntRange(min = 0xC0, max = 0xF8) int lead, @ForAll @Size(max = 4) byte[] rest) {
        byte[] bytes = new byte[1 + rest.length];
        bytes[0] = (byte) lead;
        for (int i = 0; i < rest.length; i++) {
            bytes[i + 1] = (byte) (0x80 | (rest[i] & 0x3F));
        }
        check(bytes);
    }

    @Property(tries = 2_000)
    void textIsWritableIfItHasBytes(@ForAll @Size(max = 6) char[] characters) {
        String text = new String(characters);
        assertThat(Utf8.isWritable(text, 0, text.length()))
                .isEqualTo(StandardCharsets.UTF_8.newEncoder().canEncode(text));
    }
}
