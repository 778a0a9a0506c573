package org.rotunda.record.layout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one region of a layout. A key whose value is null counts as absent, because answers show unset keys so. */
final class RegionReader {
    static final int NAME_CHARS_MAX = 128;
    static final int SIDE_MIN = 16;
    static final int Z_POS_MAX = 99;
    static final int GRID_SIDE_MAX = 1_000;
    static final int CELL_INDEX_MAX = 999_999;

    private final String name;
    private final Resolution resolution;

    private @Nullable Integer xPos;
    private @Nullable Integer yPos;
    private @Nullable Integer zPos;
    private @Nullable Integer width;
    private @Nullable Integer height;
    private @Nullable Integer maxColumns;
    private @Nullable Integer maxRows;
    private List<Integer> cellsExcluded = List.of();
    private Reuse reuse = Reuse.SHOW_OLDEST;
    private List<SourcePattern> videoSources = List.of();
    private List<SourcePattern> videoSourcesExcluded = List.of();

    RegionReader(String name, Resolution resolution) {
        this.name = name;
        this.resolution = resolution;
    }

    Region read(JsonNode region) throws LayoutException {
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX || !SourcePattern.isStorable(name)) {
            throw new LayoutException("VideoLayout: the name of a region must have 1 to " + NAME_CHARS_MAX
                    + " characters that can be stored");
        }
        if (!region.isObject()) {
            throw new LayoutException("VideoLayout: region \"" + name + "\" must be an object");
        }
        for (Map.Entry<String, JsonNode> member : region.properties()) {
            if (!member.getValue().isNull()) {
                readMember(member.getKey(), member.getValue());
            }
        }
        if (videoSources.isEmpty()) {
            throw new LayoutException(where("video_sources") + " is required");
        }
        int x = checkedPosition("x_pos", xPos, "width", width, resolution.width());
        int y = checkedPosition("y_pos", yPos, "height", height, resolution.height());
        return new Region(
                name,
                x,
                y,
                zPos == null ? 0 : zPos,
                width,
                height,
                maxColumns,
                maxRows,
                cellsExcluded,
                reuse,
                videoSources,
                videoSourcesExcluded);
    }

    private void readMember(String key, JsonNode value) throws LayoutException {
        switch (key) {
            case "x_pos" -> xPos = integer(key, value, 0, resolution.width());
            case "y_pos" -> yPos = integer(key, value, 0, resolution.height());
            case "z_pos" -> zPos = integer(key, value, -Z_POS_MAX, Z_POS_MAX);
            case "width" -> width = integer(key, value, SIDE_MIN, resolution.width());
            case "height" -> height = integer(key, value, SIDE_MIN, resolution.height());
            case "max_columns" -> maxColumns = integer(key, value, 1, GRID_SIDE_MAX);
            case "max_rows" -> maxRows = integer(key, value, 1, GRID_SIDE_MAX);
            case "cells_excluded" -> cellsExcluded = cells(key, value);
            case "reuse" -> reuse = reuse(key, value);
            case "video_sources" -> videoSources = sources(key, value, 1);
            case "video_sources_excluded" -> videoSourcesExcluded = sources(key, value, 0);
            default -> throw new LayoutException("VideoLayout: region \"" + name + "\" has an unknown key");
        }
    }

    /** Returns the position. The region must lie in the picture; without a given size it has at least the smallest. */
    private int checkedPosition(
            String key, @Nullable Integer position, String sizeKey, @Nullable Integer size, int sizeOfPicture)
            throws LayoutException {
        int given = position == null ? 0 : position;
        if (given + (size == null ? SIDE_MIN : size) > sizeOfPicture) {
            throw new LayoutException(where(key) + " plus " + sizeKey + " (" + SIDE_MIN
                    + " if it is absent) must be at most " + sizeOfPicture);
        }
        return given;
    }

    private int integer(String key, JsonNode value, int min, int max) throws LayoutException {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw new LayoutException(where(key) + " must be an integer from " + min + " to " + max);
        }
        return value.intValue();
    }

    private List<Integer> cells(String key, JsonNode value) throws LayoutException {
        List<Integer> cells = new ArrayList<>();
        for (JsonNode each : list(key, value)) {
            cells.add(integer(key, each, 0, CELL_INDEX_MAX));
        }
        return cells;
    }

    private Reuse reuse(String key, JsonNode value) throws LayoutException {
        return Arrays.stream(Reuse.values())
                .filter(each -> each.word().equals(value.textValue()))
                .findFirst()
                .orElseThrow(() -> new LayoutException(where(key) + " must be none, show_oldest or show_newest"));
    }

    private List<SourcePattern> sources(String key, JsonNode value, int min) throws LayoutException {
        JsonNode list = list(key, value);
        if (list.size() < min || list.size() > LayoutReader.PATTERNS_MAX) {
            throw new LayoutException(
                    where(key) + " must have " + min + " to " + LayoutReader.PATTERNS_MAX + " sources");
        }
        List<SourcePattern> sources = new ArrayList<>();
        for (JsonNode each : list) {
            if (!each.isTextual()) {
                throw new LayoutException(where(key) + " must be a list of strings");
            }
            sources.add(SourcePattern.read(each.textValue(), where(key)));
        }
        return sources;
    }

    private JsonNode list(String key, JsonNode value) throws LayoutException {
        if (!value.isArray()) {
            throw new LayoutException(where(key) + " must be a list");
        }
        return value;
    }

    private String where(String key) {
        return "VideoLayout: region \"" + name + "\": " + key;
    }
}
