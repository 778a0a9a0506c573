package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Tests that {@link StorableText#isStorable} accepts exactly the texts that UTF-8 and PostgreSQL keep unchanged and
 * that do not contain the replacement character. That character marks a text that was damaged earlier.
 */
class StorableTextProperties {
    @Property
    void aTextIsStorableIfItComesBackUnchanged(@ForAll("texts") String text) {
        String back = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(StorableText.isStorable(text))
                .isEqualTo(back.equals(text) && text.indexOf('\0') < 0 && !text.contains(StorableText.REPLACEMENT));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a",
                        "é",
                        "|",
                        "\uFFFC",
                        "\uFFFE",
                        "\uD83D\uDE00",
                        "\uD7FF",
                        "\uE000",
                        "\uD800",
                        "\uDBFF",
                        "\uDC00",
                        "\uDFFF",
                        "\0",
                        "\u0001",
                        "\uFFFD")
                .list()
                .ofMaxSize(4)
                .map((List<String> parts) -> String.join("", parts));
    }
}
