package org.rotunda.record.layout;

import java.util.List;

/** The regions of a composition's picture, in the order of the JSON. Without regions the composition is only sound. */
public record VideoLayout(List<Region> regions) {
    public static final VideoLayout NONE = new VideoLayout(List.of());

    public VideoLayout {
        regions = List.copyOf(regions);
    }

    public boolean isEmpty() {
        return regions.isEmpty();
    }
}
