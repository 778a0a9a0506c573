package org.rotunda.record.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the parameter {@code VideoLayout}, a JSON object with one member for each region. A layout that breaks a rule is
 * refused as a whole, and the error names the region and the key.
 */
public final class LayoutReader {
    public static final int BYTES_MAX = 64 * 1024;
    public static final int REGIONS_MAX = 64;

    /** The most sources that a layout may name in all its lists together. */
    public static final int PATTERNS_MAX = 1_000;

    /** The nesting of a layout: regions in the layout, lists in a region. */
    private static final int NESTING_MAX = 3;

    /** Reads JSON strictly: a region or key that is there twice, or text after the object, is an error. */
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private LayoutReader() {}

    /** Reads a layout for a picture of the given resolution. */
    public static VideoLayout read(String json, Resolution resolution) throws LayoutException {
        if (json.length() > BYTES_MAX || json.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw new LayoutException("VideoLayout must have at most " + BYTES_MAX + " bytes");
        }
        JsonNode root = tree(json);
        if (!root.isObject()) {
            throw new LayoutException("VideoLayout must be a JSON object with one member for each region");
        }
        if (root.size() > REGIONS_MAX) {
            throw new LayoutException("VideoLayout must have at most " + REGIONS_MAX + " regions");
        }
        List<Region> regions = new ArrayList<>();
        int patterns = 0;
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            Region region = new RegionReader(member.getKey(), resolution).read(member.getValue());
            patterns +=
                    region.videoSources().size() + region.videoSourcesExcluded().size();
            regions.add(region);
        }
        if (patterns > PATTERNS_MAX) {
            throw new LayoutException("VideoLayout must name at most " + PATTERNS_MAX + " sources");
        }
        return new VideoLayout(regions);
    }

    private static JsonNode tree(String json) throws LayoutException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            // The library's own message quotes the input, which may be long.
            throw new LayoutException("VideoLayout is not valid JSON, has a name twice, or is nested too deeply");
        }
    }
}
