package org.rotunda.room.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackRates;
import org.rotunda.room.allocation.Ladder;
import org.rotunda.room.allocation.MeasuredLayer;
import org.rotunda.room.allocation.SingleStreamPolicy;

/** One published video track as its media node reports it: its layers and what they cost. Owned by the conductor. */
final class VideoSource {
    /** The number of encodings that a publisher can send at most (libwebrtc). */
    static final int ENCODINGS = 3;

    /** The measured rates of an encoding of which nothing has been measured, one for each temporal layer. */
    private static final List<Integer> UNMEASURED = List.of(-1, -1, -1);

    private final SingleStreamPolicy policy;
    private final Map<Integer, MediaEvent.Layer> sizes = new HashMap<>(); // The last known size of each encoding.
    private List<MediaEvent.Layer> active = List.of();
    private Map<Integer, TrackRates.LayerRate> rates = Map.of();
    private Ladder ladder = Ladder.UNKNOWN;
    private boolean screen;

    VideoSource(SingleStreamPolicy policy) {
        this.policy = policy;
    }

    /** Takes the layers that flow now. Returns whether the ladder has changed. */
    boolean onLayers(List<MediaEvent.Layer> layers) {
        active = layers;
        remember(layers);
        return rebuild();
    }

    /** Takes the measured rates of the layers that flow now. Returns whether the ladder has changed. */
    boolean onRates(TrackRates measured) {
        Map<Integer, TrackRates.LayerRate> next = new HashMap<>();
        List<MediaEvent.Layer> flowing = new ArrayList<>();
        for (TrackRates.LayerRate each : measured.layers()) {
            next.put(each.spatial(), each);
            flowing.add(new MediaEvent.Layer(each.spatial(), each.width(), each.height()));
        }
        rates = next;
        active = flowing;
        screen = measured.screen();
        remember(flowing);
        return rebuild();
    }

    /** Notes that the publisher has replaced its camera or screen, so that the known sizes are no longer true. */
    void onReplaced() {
        sizes.clear();
        remember(active);
    }

    private void remember(List<MediaEvent.Layer> layers) {
        for (MediaEvent.Layer each : layers) {
            if (each.width() > 0 && each.height() > 0) {
                sizes.put(each.spatial(), each);
            }
        }
    }

    private boolean rebuild() {
        List<MeasuredLayer> layers = new ArrayList<>();
        for (MediaEvent.Layer each : active) {
            TrackRates.LayerRate rate = rates.get(each.spatial());
            layers.add(new MeasuredLayer(
                    each.spatial(),
                    each.width(),
                    each.height(),
                    rate == null ? 0 : rate.framesPerSecond(),
                    rate == null || rate.cumulativeKbps().isEmpty() ? UNMEASURED : rate.cumulativeKbps()));
        }
        Ladder next = Ladder.of(isScreen(), layers, policy);
        if (next.isCloseTo(ladder)) {
            return false;
        }
        ladder = next;
        return true;
    }

    Ladder ladder() {
        return ladder;
    }

    /** Returns whether the track shows a screen: the publisher says so, or its two encodings have the same size. */
    boolean isScreen() {
        return screen || isSameSize();
    }

    /** Returns whether all encodings have the same size, as those of a screen in libwebrtc's conference mode. */
    boolean isSameSize() {
        MediaEvent.Layer low = sizes.get(0);
        MediaEvent.Layer high = sizes.get(1);
        return sizes.size() == 2
                && low != null
                && high != null
                && low.width() == high.width()
                && low.height() == high.height();
    }

    /**
     * Returns the size that the highest of {@link #ENCODINGS} encodings has or would have, because each is half as wide
     * and high as the next; null while unknown.
     */
    MediaEvent.@Nullable Layer largest() {
        MediaEvent.Layer highest = null;
        for (MediaEvent.Layer each : sizes.values()) {
            highest = highest == null || each.spatial() > highest.spatial() ? each : highest;
        }
        if (highest == null) {
            return null;
        }
        int missing = Math.max(0, ENCODINGS - 1 - highest.spatial());
        return new MediaEvent.Layer(ENCODINGS - 1, highest.width() << missing, highest.height() << missing);
    }

    /** Returns the nominal bit rate of the lowest encodings, in bit/s. */
    long nominalBps(int encodings) {
        MediaEvent.Layer largest = largest();
        Ladder nominal =
                largest == null || isSameSize() ? ladder : Ladder.camera(largest.width(), largest.height(), ENCODINGS);
        long[] best = new long[ENCODINGS];
        nominal.points().forEach(point -> {
            if (point.spatial() < encodings && point.spatial() < ENCODINGS) {
                best[point.spatial()] = Math.max(best[point.spatial()], point.bps());
            }
        });
        return best[0] + best[1] + best[2];
    }
}
