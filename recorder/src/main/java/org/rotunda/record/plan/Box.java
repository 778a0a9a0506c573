package org.rotunda.record.plan;

/**
 * A rectangle of the composition in pixels. All four numbers are even, because the picture has one colour sample for two
 * by two pixels: an odd edge would shift the colour against the brightness.
 */
public record Box(int x, int y, int width, int height) {
    private static final int SIDE_MIN = 2;

    /** Returns the greatest box with even numbers in which every number is at most the given one. */
    static Box even(int x, int y, int width, int height) {
        return new Box(evenDown(x), evenDown(y), evenDown(width), evenDown(height));
    }

    /** Returns a cell of a grid that lies in the middle of this box. */
    Box cell(Grid grid, int index) {
        int cellWidth = evenDown(width / grid.columns());
        int cellHeight = evenDown(height / grid.rows());
        int left = evenDown((width - grid.columns() * cellWidth) / 2);
        int top = evenDown((height - grid.rows() * cellHeight) / 2);
        return new Box(
                x + left + index % grid.columns() * cellWidth,
                y + top + index / grid.columns() * cellHeight,
                cellWidth,
                cellHeight);
    }

    /** Returns where the picture of a source lies if this is its cell. The rest of the cell is black. */
    public Box picture(int sourceWidth, int sourceHeight) {
        int fitWidth = Math.max(SIDE_MIN, evenDown(Math.min(width, scaled(height, sourceWidth, sourceHeight))));
        int fitHeight = Math.max(SIDE_MIN, evenDown(Math.min(height, scaled(width, sourceHeight, sourceWidth))));
        return new Box(
                x + evenDown((width - fitWidth) / 2), y + evenDown((height - fitHeight) / 2), fitWidth, fitHeight);
    }

    /** Returns whether there is room for a picture. */
    boolean isVisible() {
        return width >= SIDE_MIN && height >= SIDE_MIN;
    }

    static int evenDown(int number) {
        return number & ~1;
    }

    /** Returns {@code a · b / c} to the nearest integer, half up. */
    private static int scaled(int a, int b, int c) {
        return (int) ((2L * a * b + c) / (2L * c));
    }

    @Override
    public String toString() {
        return x + "," + y + " " + width + "x" + height;
    }
}
