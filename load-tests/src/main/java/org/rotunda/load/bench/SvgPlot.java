package org.rotunda.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws time series as an SVG picture. The panels share an axis of seconds. The picture needs no external style or
 * script.
 */
final class SvgPlot {
    /** One point of a line; a value of NaN leaves a gap. */
    record Point(double seconds, double value) {}

    /** A line with its name. */
    record Line(String name, List<Point> points) {
        Line {
            points = List.copyOf(points);
        }
    }

    /** A part of the picture with lines that share a scale. */
    record Panel(String title, List<Line> lines) {
        Panel {
            lines = List.copyOf(lines);
        }
    }

    private static final int WIDTH = 860;
    private static final int PANEL_HEIGHT = 170;
    private static final int PANEL_GAP = 44;
    private static final int LEFT = 76;
    private static final int RIGHT = 150; // The width of the right margin, which has the names of the lines.
    private static final int TOP = 44;
    private static final int GRID_LINES = 5;
    private static final int SECONDS_LABELS = 8;
    private static final double ROUNDING = 1e-9;
    private static final String[] COLOURS = {"#1769aa", "#c75000", "#2e7d32", "#7b1fa2"};

    private SvgPlot() {}

    /**
     * Returns the picture. The scale of a panel holds the values after the warm-up; greater ones before are cut off at its
     * upper edge.
     *
     * @param shadedUntilSeconds the end of the warm-up, which is shaded because it is not measured
     */
    static String draw(String title, List<Panel> panels, double shadedUntilSeconds) {
        double endSeconds = panels.stream()
                .flatMap(panel -> panel.lines().stream())
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::seconds)
                .max()
                .orElse(1);
        int height = TOP + panels.size() * (PANEL_HEIGHT + PANEL_GAP);
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                        + "font-family=\"sans-serif\" font-size=\"11\">",
                WIDTH,
                height,
                WIDTH,
                height);
        append(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        append(svg, "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, escape(title));
        for (int i = 0; i < panels.size(); i++) {
            drawPanel(svg, panels.get(i), TOP + i * (PANEL_HEIGHT + PANEL_GAP), endSeconds, shadedUntilSeconds);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void drawPanel(
            StringBuilder svg, Panel panel, int top, double endSeconds, double shadedUntilSeconds) {
        double step = step(max(panel, shadedUntilSeconds), GRID_LINES);
        double scaleMax = step * Math.max(1, Math.ceil(max(panel, shadedUntilSeconds) / step));
        append(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#eeeeee\"/>",
                LEFT,
                top,
                x(Math.min(shadedUntilSeconds, endSeconds), endSeconds) - LEFT,
                PANEL_HEIGHT);
        append(svg, "<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top - 6, escape(panel.title()));
        for (int i = 0; i <= Math.round(scaleMax / step); i++) {
            double value = step * i;
            double y = y(value, scaleMax, top);
            append(
                    svg,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#cccccc\"/>",
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    y);
            append(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y + 4, label(value));
        }
        double secondsStep = step(endSeconds, SECONDS_LABELS);
        for (double seconds = 0; seconds <= endSeconds; seconds += secondsStep) {
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s s</text>",
                    x(seconds, endSeconds),
                    top + PANEL_HEIGHT + 14,
                    label(seconds));
        }
        for (int i = 0; i < panel.lines().size(); i++) {
            String colour = COLOURS[i % COLOURS.length];
            Line line = panel.lines().get(i);
            for (List<Point> piece : pieces(line.points())) {
                drawPiece(svg, piece, colour, scaleMax, top, endSeconds);
            }
            append(
                    svg,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                    WIDTH - RIGHT + 8,
                    top + 14 + 16 * i,
                    colour,
                    escape(line.name()));
        }
    }

    private static void drawPiece(
            StringBuilder svg, List<Point> piece, String colour, double scaleMax, int top, double endSeconds) {
        svg.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (Point point : piece) {
            svg.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x(point.seconds(), endSeconds),
                    y(Math.min(point.value(), scaleMax), scaleMax, top)));
        }
        svg.append("\"/>\n");
    }

    /** Splits the points of a line at its gaps. */
    private static List<List<Point>> pieces(List<Point> points) {
        List<List<Point>> pieces = new ArrayList<>();
        List<Point> piece = new ArrayList<>();
        for (Point point : points) {
            if (Double.isFinite(point.value())) {
                piece.add(point);
            } else if (!piece.isEmpty()) {
                pieces.add(piece);
                piece = new ArrayList<>();
            }
        }
        if (!piece.isEmpty()) {
            pieces.add(piece);
        }
        return pieces;
    }

    /** Returns the largest value after the warm-up, or of the whole run if nothing was measured after it. */
    private static double max(Panel panel, double fromSeconds) {
        List<Point> points = panel.lines().stream()
                .flatMap(line -> line.points().stream())
                .filter(point -> Double.isFinite(point.value()))
                .toList();
        return points.stream()
                .filter(point -> point.seconds() > fromSeconds)
                .mapToDouble(Point::value)
                .max()
                .orElseGet(() -> points.stream().mapToDouble(Point::value).max().orElse(1));
    }

    /** Returns the smallest of 1, 2 and 5 times a power of ten of which at most this many make up the value. */
    static double step(double value, int count) {
        if (value <= 0) {
            return 1;
        }
        double least = value / count;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (least <= factor * power * (1 + ROUNDING)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static double x(double seconds, double endSeconds) {
        return LEFT + (WIDTH - LEFT - RIGHT) * seconds / endSeconds;
    }

    private static double y(double value, double scaleMax, int top) {
        return top + PANEL_HEIGHT * (1 - value / scaleMax);
    }

    private static String label(double value) {
        if (value >= 10_000) {
            return String.format(Locale.ROOT, "%.0f k", value / 1_000);
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    /** Escapes text for XML and HTML. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void append(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
