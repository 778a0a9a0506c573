package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.process.ProcessUsage;

class RunPlotTest {
    private static final long SECOND = 1_000_000_000;

    private static NodeSample sample(double second, long forwarded) {
        return new NodeSample(
                (long) (second * SECOND),
                new ProcessUsage(0, Map.of(), Map.of(), 0),
                Metrics.parse("rotunda_media_packets_forwarded_total " + forwarded + "\n"));
    }

    private static RunResult run(List<NodeSample> samples, List<BotsSample> bots) {
        return new RunResult(1, new EnumMap<>(Figure.class), Map.of(), Map.of(), samples, bots, 4, true);
    }

    /** Returns the points of the first line of a picture, as x,y. */
    private static List<String> firstLine(String picture) {
        Matcher line = Pattern.compile("points=\"([^\"]*)\"").matcher(picture);
        assertThat(line.find()).isTrue();
        return List.of(line.group(1).trim().split(" "));
    }

    private static String heightOf(String point) {
        return point.substring(point.indexOf(',') + 1);
    }

    /** At the end of the warm-up two samples are taken one after the other, with the same counters. */
    @Test
    void twoSamplesAtTheSameTimeAreNoDip() {
        String picture = RunPlot.draw(
                "title",
                run(
                        List.of(sample(0, 0), sample(2, 200), sample(4, 400), sample(4.01, 400), sample(6, 600)),
                        List.of()));

        List<String> points = firstLine(picture);
        assertThat(points).hasSize(3);
        assertThat(points.stream().map(RunPlotTest::heightOf).distinct()).hasSize(1);
    }

    @Test
    void lossAndJoinsOfTheBotsHavePanelsIfThereAreAny() {
        List<NodeSample> samples = List.of(sample(0, 0), sample(2, 200));
        BotsSample first = new BotsSample(0, 1_000, 0, 5, 0);
        String joining = RunPlot.draw("title", run(samples, List.of(first, new BotsSample(SECOND, 2_000, 5, 9, 1))));
        assertThat(joining).contains("lost for good").contains("joins a second");

        String steady = RunPlot.draw("title", run(samples, List.of(first, new BotsSample(SECOND, 2_000, 5, 5, 0))));
        assertThat(steady).contains("lost for good").doesNotContain("joins a second");

        assertThat(RunPlot.draw("title", run(samples, List.of()))).doesNotContain("lost for good");
    }
}
