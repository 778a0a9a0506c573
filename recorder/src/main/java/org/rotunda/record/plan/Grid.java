package org.rotunda.record.plan;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The cells of a region, counted row by row from the top left. A grid without cells has no rows and no columns. */
public record Grid(int columns, int rows) {
    static final Grid NONE = new Grid(0, 0);

    /** Returns the most nearly square grid for so many cells, within the limits on columns and rows. */
    static Grid forCells(int cells, @Nullable Integer maxColumns, @Nullable Integer maxRows) {
        if (cells == 0) {
            return NONE;
        }
        int columns = ceilSqrt(cells);
        int rows = ceilDiv(cells, columns);
        if (maxRows != null && rows > maxRows) {
            rows = maxRows;
            columns = ceilDiv(cells, rows);
        }
        if (maxColumns != null && columns > maxColumns) {
            columns = maxColumns;
            rows = ceilDiv(cells, columns);
            if (maxRows != null) {
                rows = Math.min(rows, maxRows);
            }
        }
        return new Grid(columns, rows);
    }

    /**
     * Returns the smallest grid in which so many cells are left when the excluded ones stay empty. If the limits allow
     * none that has as many, it is the smallest of those with the most.
     */
    static Grid forUsableCells(
            int cells, @Nullable Integer maxColumns, @Nullable Integer maxRows, List<Integer> excluded) {
        if (cells == 0) {
            return NONE;
        }
        NavigableSet<Integer> distinct = new TreeSet<>(excluded);
        Grid best = NONE;
        int bestUsable = -1;
        // Each excluded cell takes one away at most, so one more for each is enough.
        for (int tried = cells; tried <= cells + distinct.size(); tried++) {
            Grid grid = forCells(tried, maxColumns, maxRows);
            int usable = grid.cells() - distinct.headSet(grid.cells()).size();
            if (usable > bestUsable) {
                best = grid;
                bestUsable = usable;
            }
            if (usable >= cells) {
                break;
            }
        }
        return best;
    }

    int cells() {
        return columns * rows;
    }

    private static int ceilSqrt(int n) {
        int root = (int) Math.sqrt(n);
        return root * root < n ? root + 1 : root;
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
