package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTextsTest {
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

    private static byte[] event(Object text) throws JsonProcessingException {
        return CBOR.writeValueAsBytes(Map.of("at", START.toString(), "rules", List.of(Map.of("publisher", text))));
    }

    /** The length of a text decides how CBOR writes it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 22, 23, 24, 85, 86, 127, 128})
    void findsATextOfAnyLength(int length) throws JsonProcessingException {
        for (String letter : List.of("a", "ü", "字")) {
            String text = letter.repeat(length);
            assertThat(StoredTexts.contains(event(text), text)).as(text).isTrue();
            assertThat(StoredTexts.contains(event(text + letter), text))
                    .as(text)
                    .isFalse();
            assertThat(StoredTexts.contains(event(letter + "x" + text), text))
                    .as(text)
                    .isFalse();
        }
    }

    @Test
    void findsTheNameOfAField() throws JsonProcessingException {
        byte[] event = CBOR.writeValueAsBytes(Map.of("channels", Map.of("alice", 1)));

        assertThat(StoredTexts.contains(event, "alice")).isTrue();
        assertThat(StoredTexts.contains(event, "bob")).isFalse();
    }

    @Test
    void anEventThatCannotBeReadMayContainIt() {
        byte[] broken = "\u007f alice".getBytes(StandardCharsets.UTF_8);

        assertThat(StoredTexts.contains(broken, "alice")).isTrue();
        assertThat(StoredTexts.contains(broken, "bob")).isFalse();
    }
}
