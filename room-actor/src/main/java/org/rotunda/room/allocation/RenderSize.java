package org.rotunda.room.allocation;

/**
 * The size, in pixels, at which a subscriber shows a track. A width or height of 0 or less asks for the lowest layer;
 * the area then counts as one pixel.
 */
public record RenderSize(int width, int height) {
    /** The largest width and height that counts. It is far above all displays and keeps products within a long. */
    static final int SIDE_MAX = 16_384;

    public RenderSize {
        width = Math.min(width, SIDE_MAX);
        height = Math.min(height, SIDE_MAX);
    }

    /** Returns whether this size asks for the lowest layer. */
    boolean isLowest() {
        return width <= 0 || height <= 0;
    }

    /** Returns the area in pixels, at least 1. */
    int area() {
        return isLowest() ? 1 : width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
