package org.rotunda.record.plan;

import java.util.List;

/**
 * A region as it was planned.
 *
 * @param grid the cells, the same in the whole composition
 * @param cellWidth the width of a cell in pixels; 0 without cells
 * @param trackSids the sources that its patterns select
 * @param hiddenTrackSids those of them that are never seen, because there was no cell for them
 */
public record RegionPlan(
        String name,
        int zPos,
        Box box,
        Grid grid,
        int cellWidth,
        int cellHeight,
        List<String> trackSids,
        List<String> hiddenTrackSids) {
    public RegionPlan {
        trackSids = List.copyOf(trackSids);
        hiddenTrackSids = List.copyOf(hiddenTrackSids);
    }
}
