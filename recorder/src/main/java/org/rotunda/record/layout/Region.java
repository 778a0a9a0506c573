package org.rotunda.record.layout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rectangle of a layout that shows sources in a grid. Numbers are pixels of the composition; those that were not given
 * are null. The grid of a region is the same in the whole composition.
 *
 * @param zPos regions with a higher one are painted later
 * @param cellsExcluded indices of cells that stay empty, counted row by row from the top left
 */
public record Region(
        String name,
        int xPos,
        int yPos,
        int zPos,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Integer maxColumns,
        @Nullable Integer maxRows,
        List<Integer> cellsExcluded,
        Reuse reuse,
        List<SourcePattern> videoSources,
        List<SourcePattern> videoSourcesExcluded) {
    public Region {
        cellsExcluded = List.copyOf(cellsExcluded);
        videoSources = List.copyOf(videoSources);
        videoSourcesExcluded = List.copyOf(videoSourcesExcluded);
    }

    /** Returns the width, which without a given one reaches to the right edge. */
    public int widthIn(Resolution resolution) {
        return width != null ? width : resolution.width() - xPos;
    }

    /** Returns the height, which without a given one reaches to the lower edge. */
    public int heightIn(Resolution resolution) {
        return height != null ? height : resolution.height() - yPos;
    }
}
