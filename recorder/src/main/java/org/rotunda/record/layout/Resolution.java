package org.rotunda.record.layout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a composition's picture in pixels, as it was asked for. The picture itself has even numbers of columns
 * and rows, because its format has one colour sample for two by two pixels.
 */
public record Resolution(int width, int height) {
    public static final int SIDE_MIN = 16;
    public static final int SIDE_MAX = 1280;
    public static final int PIXELS_MAX = 921_600; // 1280 x 720.
    public static final Resolution DEFAULT = new Resolution(640, 480);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");

    public Resolution {
        if (!isAllowed(width, height)) {
            throw new IllegalArgumentException("No resolution of a composition: " + width + "x" + height);
        }
    }

    /** Reads the parameter {@code Resolution}. */
    public static Resolution read(String text) throws LayoutException {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            int width = Integer.parseInt(matcher.group(1));
            int height = Integer.parseInt(matcher.group(2));
            if (isAllowed(width, height)) {
                return new Resolution(width, height);
            }
        }
        throw new LayoutException("Resolution must be WIDTHxHEIGHT, each from " + SIDE_MIN + " to " + SIDE_MAX
                + ", and at most " + PIXELS_MAX + " pixels");
    }

    private static boolean isAllowed(int width, int height) {
        return width >= SIDE_MIN
                && height >= SIDE_MIN
                && width <= SIDE_MAX
                && height <= SIDE_MAX
                && width * height <= PIXELS_MAX;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
