package org.rotunda.load.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The result of one run.
 *
 * @param number the number of the run, from 1
 * @param figures the figures of this scenario; NaN where there was nothing to measure
 * @param drops the router's drops during the measurement, by reason
 * @param joinFailures the number of failed joins, by reason
 * @param samples samples of the node from the beginning of the warm-up to the end of the measurement
 * @param bots samples of the bots in the same time
 * @param warmUpSeconds the length of the warm-up, whose samples are not part of the figures
 * @param segmenting whether the node used segmentation offload
 */
record RunResult(
        int number,
        Map<Figure, Double> figures,
        Map<String, Long> drops,
        Map<String, Long> joinFailures,
        List<NodeSample> samples,
        List<BotsSample> bots,
        double warmUpSeconds,
        boolean segmenting) {
    RunResult {
        figures = new EnumMap<>(figures);
        drops = Map.copyOf(drops);
        joinFailures = Map.copyOf(joinFailures);
        samples = List.copyOf(samples);
        bots = List.copyOf(bots);
    }

    /** Returns the value of a figure, or NaN if the figure was not measured. */
    double figure(Figure figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }
}
