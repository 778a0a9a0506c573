package org.rotunda.record.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of compositions that are refused, one by one, and what the client is told. */
class BadCompositionsTest {
    private static final String ANY = "{\"main\":{\"video_sources\":[\"*\"]}}";

    static Stream<Arguments> badLayouts() {
        return Stream.of(
                arguments("[]", "must be a JSON object"),
                arguments("\"text\"", "must be a JSON object"),
                arguments("", "must be a JSON object"),
                arguments("null", "must be a JSON object"),
                arguments("{", "not valid JSON"),
                arguments("{} {}", "not valid JSON"),
                arguments("{\"a\":1}", "region \"a\" must be an object"),
                arguments("{\"a\":null}", "region \"a\" must be an object"),
                arguments("{\"\":{\"video_sources\":[\"*\"]}}", "the name of a region"),
                arguments("{\"\\u0000\":{\"video_sources\":[\"*\"]}}", "the name of a region"),
                arguments("{\"a\":{}}", "region \"a\": video_sources is required"),
                arguments("{\"a\":{\"video_sources\":null}}", "region \"a\": video_sources is required"),
                arguments("{\"a\":{\"video_sources\":\"*\"}}", "region \"a\": video_sources must be a list"),
                arguments("{\"a\":{\"video_sources\":[]}}", "region \"a\": video_sources must have 1 to 1000"),
                arguments("{\"a\":{\"video_sources\":[5]}}", "region \"a\": video_sources must be a list of strings"),
                arguments("{\"a\":{\"video_sources\":[\"x\"],\"video_sources\":[\"y\"]}}", "has a name twice"),
                arguments(sources(1_001), "region \"a\": video_sources must have 1 to 1000"),
                arguments("{\"a\":{\"video_sources\":[\"*\"]},\"a\":{\"video_sources\":[\"*\"]}}", "has a name twice"),
                arguments("{\"a\":[[[[]]]]}", "nested too deeply"),
                arguments("[".repeat(10_000), "nested too deeply"),
                arguments(regions(65), "at most 64 regions"),
                arguments(" ".repeat(64 * 1024) + ANY, "at most 65536 bytes"),
                arguments(region("x_pos", "-1"), "region \"a\": x_pos must be an integer from 0 to 640"),
                arguments(region("x_pos", "1.5"), "region \"a\": x_pos must be an integer"),
                arguments(region("x_pos", "\"5\""), "region \"a\": x_pos must be an integer"),
                arguments(region("x_pos", "true"), "region \"a\": x_pos must be an integer"),
                arguments(region("x_pos", "99999999999999999999"), "region \"a\": x_pos must be an integer"),
                arguments(region("x_pos", "625"), "region \"a\": x_pos plus width (16 if it is absent)"),
                arguments(region("x_pos", "600,\"width\":41"), "region \"a\": x_pos plus width"),
                arguments(region("y_pos", "465"), "region \"a\": y_pos plus height"),
                arguments(region("y_pos", "400,\"height\":81"), "region \"a\": y_pos plus height"),
                arguments(region("width", "15"), "region \"a\": width must be an integer from 16 to 640"),
                arguments(region("width", "641"), "region \"a\": width must be an integer from 16 to 640"),
                arguments(region("height", "15"), "region \"a\": height must be an integer from 16 to 480"),
                arguments(region("z_pos", "100"), "region \"a\": z_pos must be an integer from -99 to 99"),
                arguments(region("z_pos", "-100"), "region \"a\": z_pos must be an integer from -99 to 99"),
                arguments(region("max_rows", "0"), "region \"a\": max_rows must be an integer from 1 to 1000"),
                arguments(region("max_rows", "1001"), "region \"a\": max_rows must be an integer from 1 to 1000"),
                arguments(region("max_columns", "0"), "region \"a\": max_columns must be an integer from 1 to 1000"),
                arguments(region("cells_excluded", "5"), "region \"a\": cells_excluded must be a list"),
                arguments(region("cells_excluded", "[-1]"), "region \"a\": cells_excluded must be an integer from 0"),
                arguments(region("cells_excluded", "[1000000]"), "region \"a\": cells_excluded must be an integer"),
                arguments(region("reuse", "\"random\""), "region \"a\": reuse must be none, show_oldest or"),
                arguments(region("reuse", "1"), "region \"a\": reuse must be none, show_oldest or show_newest"),
                arguments(region("colour", "1"), "region \"a\" has an unknown key"),
                arguments(pattern("**"), "region \"a\": video_sources: a source must have an asterisk at the"),
                arguments(pattern("*a*"), "region \"a\": video_sources: a source must have an asterisk at the"),
                arguments(pattern(""), "region \"a\": video_sources: a source must not be empty"),
                arguments(pattern("x".repeat(10_000)), "a source must have at most 129 characters"),
                arguments(
                        region("video_sources_excluded", "[\"**\"]"),
                        "region \"a\": video_sources_excluded: a source must have an asterisk"));
    }

    @MethodSource("badLayouts")
    @ParameterizedTest
    void refusesTheLayout(String json, String message) {
        assertThatThrownBy(() -> CompositionSpec.read(parameters(json, List.of("*"), null, null, null)))
                .isInstanceOf(LayoutException.class)
                .hasMessageStartingWith("VideoLayout")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void refusesMoreThanAThousandSourcesOfAllRegions() {
        String half = IntStream.range(0, 501).mapToObj(i -> "\"n\"").collect(Collectors.joining(","));
        String json = "{\"a\":{\"video_sources\":[" + half + "]},\"b\":{\"video_sources\":[" + half + "]}}";
        assertThatThrownBy(() -> LayoutReader.read(json, Resolution.DEFAULT)).hasMessageContaining("at most 1000");
    }

    @ValueSource(
            strings = {
                "640",
                "15x480",
                "640x15",
                "1281x100",
                "100x1281",
                "1280x721",
                "640X480",
                "-640x480",
                "99999999999x1",
                "640x480 ",
                "",
                "x",
                "٦٤٠x480",
                "0x0"
            })
    @ParameterizedTest
    void refusesTheResolution(String text) {
        assertThatThrownBy(() -> CompositionSpec.read(parameters(ANY, List.of(), text, null, null)))
                .isInstanceOf(LayoutException.class)
                .hasMessageStartingWith("Resolution must be");
    }

    @Test
    void refusesOtherParameters() {
        assertThatThrownBy(() -> CompositionSpec.read(parameters(ANY, List.of(), null, "avi", null)))
                .hasMessage("Format must be mp4 or webm");
        assertThatThrownBy(() -> CompositionSpec.read(parameters(ANY, List.of(), null, null, "2")))
                .hasMessage("Trim must be true or false");
        for (String pattern : List.of("", "**", "*a*", "x".repeat(130))) {
            assertThatThrownBy(() -> CompositionSpec.read(parameters(null, List.of(pattern), null, null, null)))
                    .isInstanceOf(LayoutException.class)
                    .hasMessageStartingWith("AudioSources: a source must");
        }
        List<String> many = IntStream.range(0, 1_001).mapToObj(i -> "t" + i).toList();
        assertThatThrownBy(() -> CompositionSpec.read(parameters(null, many, null, null, null)))
                .hasMessage("AudioSources must have at most 1000 sources");
    }

    @Test
    void refusesACompositionOfNothing() {
        for (String layout : new @Nullable String[] {null, "{}"}) {
            assertThatThrownBy(() -> CompositionSpec.read(parameters(layout, List.of(), null, null, null)))
                    .hasMessage("VideoLayout with a region, or AudioSources, is required");
        }
    }

    private static CompositionSpec.Parameters parameters(
            @Nullable String layout,
            List<String> audio,
            @Nullable String resolution,
            @Nullable String format,
            @Nullable String trim) {
        return new CompositionSpec.Parameters(layout, audio, List.of(), resolution, format, trim);
    }

    private static String region(String key, String value) {
        return "{\"a\":{\"video_sources\":[\"*\"],\"" + key + "\":" + value + "}}";
    }

    private static String pattern(String text) {
        return "{\"a\":{\"video_sources\":[\"" + text + "\"]}}";
    }

    private static String sources(int count) {
        return "{\"a\":{\"video_sources\":["
                + IntStream.range(0, count).mapToObj(i -> "\"n\"").collect(Collectors.joining(",")) + "]}}";
    }

    private static String regions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"r" + i + "\":{\"video_sources\":[\"*\"]}")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
