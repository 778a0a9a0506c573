package org.rotunda.room.protocol;

/**
 * The size at which a client shows a picture, in pixels. A size of which either side is 0 asks for the lowest layer.
 *
 * @param width from 0 to {@value #SIDE_MAX}
 * @param height from 0 to {@value #SIDE_MAX}
 */
public record PictureSize(int width, int height) {
    /** The greatest width or height, which is that of an 8K screen in both directions. Larger sides count as this. */
    public static final int SIDE_MAX = 8_192;

    public PictureSize {
        if (width < 0 || height < 0 || width > SIDE_MAX || height > SIDE_MAX) {
            throw new IllegalArgumentException("not the size of a picture: " + width + " x " + height);
        }
    }

    /** Returns the size with both sides brought into their range. Clients may send any numbers. */
    public static PictureSize bounded(double width, double height) {
        return new PictureSize(side(width), side(height));
    }

    private static int side(double pixels) {
        return (int) Math.min(Math.max(0, Math.round(pixels)), SIDE_MAX);
    }
}
