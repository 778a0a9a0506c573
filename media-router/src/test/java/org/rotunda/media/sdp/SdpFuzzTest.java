package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the parser of session descriptions: a description that is accepted is written with the same lines. */
class SdpFuzzTest {

    static Stream<byte[]> seeds() {
        return Goldens.NAMES.stream().map(Goldens::text).map(FuzzText::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest
    void writesWhatItReads(byte[] bytes) {
        String text = FuzzText.of(bytes);
        SdpResult result = SdpParser.parse(text);
        if (!(result instanceof SdpResult.Parsed parsed)) {
            assertThat(((SdpResult.Malformed) result).line()).isBetween(0, bytes.length + 1);
            return;
        }
        SessionDescription description = parsed.description();
        String written = description.toText();
        assertThat(written.length()).isLessThanOrEqualTo(SdpParser.LENGTH_MAX);
        assertThat(new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(written);
        assertThat(Goldens.parse(written)).isEqualTo(description);
        description.bundle();
        for (MediaSection section : description.media()) {
            section.direction();
            assertThat(section.attributes("mid").isEmpty()).isEqualTo(section.mid() == null);
        }
    }
}
