package org.rotunda.load.bench;

import java.util.List;

/** Makes a page with the table and the pictures of all runs of a bench. It needs no other file. Pure. */
final class ReportPage {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>%s</title>
            <style>body { font-family: sans-serif; margin: 1.5em } svg { display: block; margin: 1em 0 }</style>
            </head>
            <body>
            """;

    private ReportPage() {}

    /**
     * Returns the page.
     *
     * @param heading the lines that describe the bench; the first one is the title
     * @param table the lines of the table
     * @param pictures an SVG picture for each run
     */
    static String of(List<String> heading, List<String> table, List<String> pictures) {
        StringBuilder page = new StringBuilder(HEAD.formatted(SvgPlot.escape(heading.get(0))));
        page.append("<h1>").append(SvgPlot.escape(heading.get(0))).append("</h1>\n");
        heading.stream()
                .skip(1)
                .forEach(line -> page.append("<p>").append(SvgPlot.escape(line)).append("</p>\n"));
        page.append("<pre>\n");
        table.forEach(line -> page.append(SvgPlot.escape(line)).append('\n'));
        page.append("</pre>\n");
        pictures.forEach(page::append);
        return page.append("</body>\n</html>\n").toString();
    }
}
