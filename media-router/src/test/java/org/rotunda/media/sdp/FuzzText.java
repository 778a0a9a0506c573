package org.rotunda.media.sdp;

import java.nio.charset.StandardCharsets;

/** The text of a fuzz input. */
final class FuzzText {
    private FuzzText() {}

    /**
     * Returns the bytes as UTF-8. Malformed bytes become half of a surrogate pair, which JSON can carry to the parser,
     * but UTF-8 cannot.
     */
    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
