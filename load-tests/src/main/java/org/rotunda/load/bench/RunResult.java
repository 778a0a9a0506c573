package org.rotunda.load.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One run.
 *
 * @param number from 1
 * @param figures those that this scenario has; NaN where nothing was there to measure
 * @param drops what the router dropped while measuring, by reason
 * @param joinFailures why joins failed, and how many
 * @param samples of the node from the begin of the warm-up to the end
 * @param warmUpSeconds of those samples, which do not count
 * @param segmenting whether the node used segmentation offload
 */
record RunResult(
        int number,
        Map<Figure, Double> figures,
        Map<String, Long> drops,
        Map<String, Long> joinFailures,
        List<NodeSample> samples,
        double warmUpSeconds,
        boolean segmenting) {
    RunResult {
        figures = new EnumMap<>(figures);
        drops = Map.copyOf(drops);
        joinFailures = Map.copyOf(joinFailures);
        samples = List.copyOf(samples);
    }

    /** NaN where it was not measured. */
    double figure(Figure figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }
}
