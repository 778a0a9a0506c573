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
    private static final int GRID_LINES = 4;
    private static final int SECONDS_LABELS = 6;
    private static final String[] COLOURS = {"#1769aa", "#c75000", "#2e7d32", "#7b1fa2"};

    private SvgPlot() {}

    /**
     * Returns the picture.
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
        double scaleMax = niceMax(panel.lines().stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::value)
                .filter(Double::isFinite)
                .max()
                .orElse(1));
        append(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#eeeeee\"/>",
                LEFT,
                top,
                x(Math.min(shadedUntilSeconds, endSeconds), endSeconds) - LEFT,
                PANEL_HEIGHT);
        append(svg, "<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top - 6, escape(panel.title()));
        for (int i = 0; i <= GRID_LINES; i++) {
            double value = scaleMax * i / GRID_LINES;
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
        for (int i = 0; i <= SECONDS_LABELS; i++) {
            double seconds = endSeconds * i / SECONDS_LABELS;
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>",
                    x(seconds, endSeconds),
                    top + PANEL_HEIGHT + 14,
                    seconds);
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
                    Locale.ROOT, "%.1f,%.1f ", x(point.seconds(), endSeconds), y(point.value(), scaleMax, top)));
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

    /** Rounds the value up to 1, 2, 2.5 or 5 times a power of ten. */
    static double niceMax(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (value <= factor * power) {
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

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void append(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
