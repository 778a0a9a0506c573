package org.rotunda.record.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the parameters of compositions: resolution, one audio source, and the layout in JSON. */
class LayoutFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                        "640x480\n\n{\"main\":{\"video_sources\":[\"*\"]}}",
                        "1280x720\nmic*\n{\"a\":{\"x_pos\":10,\"y_pos\":20,\"z_pos\":-3,\"width\":100,\"height\":90,"
                                + "\"max_columns\":4,\"max_rows\":5,\"cells_excluded\":[0,7],\"reuse\":\"show_newest\","
                                + "\"video_sources\":[\"a*b\"],\"video_sources_excluded\":[\"c*\",\"*d\"]},"
                                + "\"b\":{\"video_sources\":[\"MT22222222222222222222222222222222\"],\"width\":null}}",
                        "16x16\n*\n{}",
                        "15x480\n**\n[1e9999,\"\\ud800\"]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefusesParameters(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 3);
        if (lines.length < 3) {
            return;
        }
        List<String> audio = lines[1].isEmpty() ? List.of() : List.of(lines[1]);
        CompositionSpec spec;
        try {
            spec = CompositionSpec.read(
                    new CompositionSpec.Parameters(lines[2], audio, List.of(), lines[0], "mp4", "false"));
        } catch (LayoutException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(400);
            return;
        }
        check(spec);
    }

    private static void check(CompositionSpec spec) {
        Resolution resolution = spec.resolution();
        Set<String> names = new HashSet<>();
        for (Region region : spec.videoLayout().regions()) {
            assertThat(names.add(region.name())).isTrue();
            assertThat(region.xPos() + region.widthIn(resolution)).isLessThanOrEqualTo(resolution.width());
            assertThat(region.yPos() + region.heightIn(resolution)).isLessThanOrEqualTo(resolution.height());
            assertThat(region.widthIn(resolution)).isGreaterThanOrEqualTo(RegionReader.SIDE_MIN);
            assertThat(region.heightIn(resolution)).isGreaterThanOrEqualTo(RegionReader.SIDE_MIN);
        }
        try {
            String written = LayoutWriter.write(spec.videoLayout()).toString();
            if (written.getBytes(StandardCharsets.UTF_8).length <= LayoutReader.BYTES_MAX) {
                assertThat(LayoutReader.read(written, resolution)).isEqualTo(spec.videoLayout());
            }
        } catch (LayoutException e) {
            throw new AssertionError("A layout that was accepted is refused when it is written again", e);
        }
    }
}
