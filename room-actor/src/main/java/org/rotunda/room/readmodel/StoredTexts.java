package org.rotunda.room.readmodel;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Searches stored events for a text without knowing their types. Pure. */
final class StoredTexts {
    private static final CBORFactory CBOR = new CBORFactory();

    private StoredTexts() {}

    /**
     * Returns whether the text is one of the values in an event, as a whole. An event that contains the bytes of the
     * text and cannot be read counts as one that has it.
     */
    static boolean contains(byte[] event, String text) {
        if (indexOf(event, text.getBytes(StandardCharsets.UTF_8)) < 0) {
            return false; // By far the most events.
        }
        try (JsonParser parser = CBOR.createParser(event)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if ((token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
                        && text.equals(parser.getText())) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            int length = 0;
            while (length < wanted.length && bytes[i + length] == wanted[length]) {
                length++;
            }
            if (length == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
