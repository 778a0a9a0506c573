package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bench.SvgPlot.Line;
import org.rotunda.load.bench.SvgPlot.Panel;
import org.rotunda.load.bench.SvgPlot.Point;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class SvgPlotTest {
    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static Line line(double... values) {
        return new Line(
                "<line & co>",
                java.util.stream.IntStream.range(0, values.length)
                        .mapToObj(i -> new Point(2.0 * i, values[i]))
                        .toList());
    }

    @Test
    void everyLineIsDrawnOnceAndNamesAreEscaped() throws Exception {
        String svg = SvgPlot.draw(
                "fan-out \"50\" <x>",
                List.of(
                        new Panel("packets", List.of(line(1, 2, 3), line(3, 2, 1))),
                        new Panel("CPU", List.of(line(0.5, 0.6)))),
                2);

        Document document = parsed(svg);
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(3);
    }

    @Test
    void aMissingValueSplitsTheLine() throws Exception {
        NodeList pieces = parsed(SvgPlot.draw("gap", List.of(new Panel("p", List.of(line(1, Double.NaN, 3, 4)))), 0))
                .getElementsByTagName("polyline");

        assertThat(pieces.getLength()).isEqualTo(2);
    }

    @Test
    void aPanelWithoutPointsIsDrawn() throws Exception {
        assertThat(parsed(SvgPlot.draw("empty", List.of(new Panel("p", List.of(line()))), 30)))
                .isNotNull();
    }

    /** The ticks are round numbers, and there are not many of them. */
    @Property(tries = 200)
    void ticksAreRoundAndFew(@ForAll @DoubleRange(min = 0.01, max = 1e9) double value) {
        double step = SvgPlot.step(value, 5);

        assertThat(Math.ceil(value / step)).isBetween(2.0, 5.0);
        assertThat(String.format(Locale.ROOT, "%.0e", step)).matches("[125]e[+-]\\d+");
    }

    /** The values of the warm-up are far higher, as the delays of a cold node are. */
    @Test
    void theScaleIsThatOfTheMeasurement() {
        String svg = SvgPlot.draw("cold", List.of(new Panel("p", List.of(line(900, 900, 3, 4)))), 2);

        assertThat(svg).contains(">4</text>").doesNotContain(">900</text>").doesNotContain(">1000</text>");
        assertThat(svg).contains("76.0,44.0 "); // The high values are at the upper edge.
    }

    @Test
    void secondsHaveRoundTicks() {
        assertThat(SvgPlot.draw("t", List.of(new Panel("p", List.of(line(new double[46])))), 30))
                .contains(">0 s</text>")
                .contains(">20 s</text>")
                .contains(">80 s</text>")
                .doesNotContain(">15 s</text>");
    }
}
