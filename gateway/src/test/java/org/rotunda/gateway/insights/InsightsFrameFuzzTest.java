package org.rotunda.gateway.insights;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.StorableText;

/** Fuzzes the reader of insights frames: what is accepted keeps the limits and can be stored. */
class InsightsFrameFuzzTest {
    private static final int CHARS_MAX = 256 * 1024;

    static Stream<byte[]> seeds() {
        return InsightsFrameReaderTest.samples().stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        InsightsFrameReader.Read read = InsightsFrameReader.read(new String(bytes, StandardCharsets.UTF_8), CHARS_MAX);
        assertThat(read.frame() == null).isNotEqualTo(read.fault() == null);
        if (read.frame() instanceof InsightsFrame.Connect connect) {
            assertThat(connect.token().length()).isBetween(1, InsightsFrameReader.TOKEN_CHARS_MAX);
            checkJson(connect.publisher());
        } else if (read.frame() instanceof InsightsFrame.Event event) {
            assertThat(event.group().length()).isBetween(1, InsightsFrameReader.GROUP_CHARS_MAX);
            assertThat(event.name().length()).isBetween(1, InsightsFrameReader.NAME_CHARS_MAX);
            assertThat(event.level().length()).isLessThanOrEqualTo(InsightsFrameReader.LEVEL_CHARS_MAX);
            assertThat(Stream.of(event.group(), event.name(), event.level())).allMatch(StorableText::isStorable);
            assertThat(event.happenedAt()).isBetween("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
            checkJson(event.payload());
        }
    }

    private static void checkJson(String json) {
        assertThat(json).startsWith("{").endsWith("}");
        assertThat(json.chars()).allMatch(character -> character >= ' ' && character < 0x7F + 1);
    }
}
