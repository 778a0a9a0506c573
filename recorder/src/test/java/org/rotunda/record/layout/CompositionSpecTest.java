package org.rotunda.record.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositionSpecTest {
    private static final String RECORDING = "RT" + "1".repeat(32);
    private static final String TRACK = "MT" + "2".repeat(32);
    private static final String PARTICIPANT = "PA" + "3".repeat(32);

    @Test
    void hasTheDefaultsOfTheApi() throws LayoutException {
        CompositionSpec spec = CompositionSpec.read(new CompositionSpec.Parameters(
                "{\"main\":{\"video_sources\":[\"*\"]}}", List.of(), List.of(), null, null, null));
        assertThat(spec.resolution()).hasToString("640x480");
        assertThat(spec.format()).isEqualTo(OutputFormat.WEBM);
        assertThat(spec.trim()).isTrue();
        assertThat(LayoutWriter.write(spec.videoLayout()))
                .hasToString("{\"main\":{\"x_pos\":0,\"y_pos\":0,\"z_pos\":0,\"width\":null,\"height\":null,"
                        + "\"max_columns\":null,\"max_rows\":null,\"cells_excluded\":[],\"reuse\":\"show_oldest\","
                        + "\"video_sources\":[\"*\"],\"video_sources_excluded\":[]}}");
    }

    @Test
    void readsAllKeysAndKeepsTheOrderOfRegions() throws LayoutException {
        String json = "{\"z\":{\"x_pos\":10,\"y_pos\":20,\"z_pos\":-3,\"width\":100,\"height\":90,\"max_columns\":4,"
                + "\"max_rows\":5,\"cells_excluded\":[0,7],\"reuse\":\"show_newest\",\"video_sources\":[\"a*b\"],"
                + "\"video_sources_excluded\":[\"c*\",\"*d\"]},\"a\":{\"video_sources\":[\"" + TRACK + "\"]}}";
        VideoLayout layout = LayoutReader.read(json, new Resolution(1280, 720));
        assertThat(layout.regions()).extracting(Region::name).containsExactly("z", "a");
        Region region = layout.regions().get(0);
        assertThat(region.reuse()).isEqualTo(Reuse.SHOW_NEWEST);
        assertThat(region.cellsExcluded()).containsExactly(0, 7);
        String written = LayoutWriter.write(layout).toString();
        assertThat(LayoutReader.read(written, new Resolution(1280, 720))).isEqualTo(layout);
    }

    @Test
    void takesNullAsAbsent() throws LayoutException {
        String json =
                "{\"a\":{\"video_sources\":[\"*\"],\"width\":null,\"max_rows\":null,\"x_pos\":null,\"reuse\":null,"
                        + "\"cells_excluded\":null}}";
        assertThat(LayoutReader.read(json, Resolution.DEFAULT))
                .isEqualTo(LayoutReader.read("{\"a\":{\"video_sources\":[\"*\"]}}", Resolution.DEFAULT));
    }

    @Test
    void lyingAtTheEdgeIsAllowed() throws LayoutException {
        VideoLayout layout = LayoutReader.read(
                "{\"a\":{\"video_sources\":[\"*\"],\"x_pos\":624,\"y_pos\":464}}", Resolution.DEFAULT);
        assertThat(layout.regions().get(0).widthIn(Resolution.DEFAULT)).isEqualTo(16);
        assertThat(layout.regions().get(0).heightIn(Resolution.DEFAULT)).isEqualTo(16);
    }

    @CsvSource({"1280x720, 1280, 720", "16x16, 16, 16", "720x1280, 720, 1280", "641x479, 641, 479"})
    @ParameterizedTest
    void readsResolutions(String text, int width, int height) throws LayoutException {
        assertThat(Resolution.read(text))
                .isEqualTo(new Resolution(width, height))
                .hasToString(text);
    }

    @CsvSource({
        "*, camera, true",
        "camera, camera, true",
        "camera, Camera, false",
        "cam*, camera, true",
        "cam*, cam, true",
        "*era, camera, true",
        "*cam, camera, false",
        "a*b, a*b, true",
        "a*b, axb, false",
        "**a, x*a, true",
        "**a, xa, false",
        "RT11111111111111111111111111111111, camera, true",
        "MT22222222222222222222222222222222, camera, true",
        "PA33333333333333333333333333333333, camera, true",
        "PA33333333333333333333333333333334, camera, false",
        "PA33333333333333333333333333333334, PA33333333333333333333333333333334, false",
        "PA3333, PA3333, true",
        "RM33333333333333333333333333333333, RM33333333333333333333333333333333, true"
    })
    @ParameterizedTest
    void matchesNamesAndSids(String pattern, String trackName, boolean matches) {
        assertThat(new SourcePattern(pattern).matches(RECORDING, TRACK, PARTICIPANT, trackName))
                .isEqualTo(matches);
    }
}
