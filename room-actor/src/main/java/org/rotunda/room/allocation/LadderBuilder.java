package org.rotunda.room.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Builds the ladder of a track with several encodings or temporal layers. */
final class LadderBuilder {
    private LadderBuilder() {}

    static Ladder build(boolean screen, List<MeasuredLayer> unordered) {
        List<MeasuredLayer> layers = new ArrayList<>(unordered);
        layers.sort(Comparator.comparingInt(MeasuredLayer::spatial));
        boolean conference = screen && layers.size() == 2 && width(layers, 0) == width(layers, 1);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            MeasuredLayer layer = layers.get(i);
            int temporalLayers = layer.cumulativeKbps().size();
            for (int temporal = 0; temporal < temporalLayers; temporal++) {
                if (isUseful(screen, conference, i, temporal, layer)) {
                    int nominal = conference
                            ? Ladder.screenBps(i == 0, temporal)
                            : (int) ((long) NominalRates.ofEncoding(
                                            width(layers, i), height(layers, i), isTop(layers, i))
                                    * NominalRates.share(temporal, temporalLayers)
                                    / 100);
                    int bps = bounded(layer.cumulativeKbps().get(temporal), nominal);
                    steps.add(new Step(
                            new LadderPoint(layer.spatial(), temporal, bps), width(layers, i), height(layers, i)));
                }
            }
        }
        if (screen && !conference) {
            resolutionFirst(steps, layers);
        }
        return ladder(strictlyRising(steps));
    }

    /** Returns whether a step is offered: see {@link Ladder} for the frame rates of cameras and screens. */
    private static boolean isUseful(boolean screen, boolean conference, int place, int temporal, MeasuredLayer layer) {
        int top = layer.cumulativeKbps().size() - 1;
        if (place == 0 || temporal == top) {
            return true;
        }
        if (screen) {
            return !conference; // The upper encoding has the size of the lower one, so only all its frames are worth
            // it.
        }
        int measured = layer.framesPerSecond();
        int framesPerSecond =
                measured > 0 && measured < Ladder.FRAMES_PER_SECOND_LOW ? measured : Ladder.FRAMES_PER_SECOND;
        return framesPerSecond >> (top - temporal) >= Ladder.FRAMES_PER_SECOND_MIN;
    }

    /** Removes the steps of a screen that add frames while there is a higher resolution. */
    private static void resolutionFirst(List<Step> steps, List<MeasuredLayer> layers) {
        int highest = layers.get(layers.size() - 1).spatial();
        steps.removeIf(step -> step.point().spatial() < highest && step.point().temporal() > 0);
    }

    /** Removes each step that costs as much as a better one, or more. */
    private static List<Step> strictlyRising(List<Step> steps) {
        List<Step> rising = new ArrayList<>();
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (rising.isEmpty()
                    || steps.get(i).point().bps() < rising.get(0).point().bps()) {
                rising.add(0, steps.get(i));
            }
        }
        return rising;
    }

    private static Ladder ladder(List<Step> steps) {
        return Ladder.scalable(
                steps.stream().map(Step::point).toList(),
                steps.stream().mapToInt(Step::width).toArray(),
                steps.stream().mapToInt(Step::height).toArray());
    }

    /** Returns a measured rate within its bounds; a negative one means that nothing has been measured. */
    private static int bounded(int measuredKbps, int nominalBps) {
        if (measuredKbps < 0) {
            return nominalBps;
        }
        long least = (long) nominalBps * Ladder.MEASURED_MIN_PERCENT / 100;
        long most = (long) nominalBps * Ladder.MEASURED_MAX_PERCENT / 100;
        return (int) Math.max(least, Math.min(measuredKbps * 1000L, most));
    }

    private static boolean isTop(List<MeasuredLayer> layers, int place) {
        return place == layers.size() - 1;
    }

    /** Returns the width of an encoding; an unknown one is taken as that of the same encoding of a 720p camera. */
    private static int width(List<MeasuredLayer> layers, int place) {
        MeasuredLayer layer = layers.get(place);
        return layer.width() > 0 && layer.height() > 0 ? layer.width() : 320 << Math.min(layer.spatial(), 2);
    }

    private static int height(List<MeasuredLayer> layers, int place) {
        MeasuredLayer layer = layers.get(place);
        return layer.width() > 0 && layer.height() > 0 ? layer.height() : 180 << Math.min(layer.spatial(), 2);
    }

    /** A point with the size of its picture. */
    private record Step(LadderPoint point, int width, int height) {}
}
