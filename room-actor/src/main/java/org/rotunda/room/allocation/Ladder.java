package org.rotunda.room.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one video track that may be sent, from the cheapest to the best. The rates rise strictly. A layer that
 * the publisher does not send now is not in the ladder.
 *
 * <p>A camera keeps its frame rate: above the lowest resolution there is no step with less than about 15 frames a
 * second. A shared screen keeps its resolution: the next resolution comes before more frames.
 */
public final class Ladder {
    /** The ladder of a track on which the publisher sends nothing. */
    public static final Ladder EMPTY = new Ladder(List.of(), new int[0], new int[0], false, false);

    /** The ladder of a camera of which nothing has been measured yet. */
    public static final Ladder UNKNOWN = camera(1280, 720, 3);

    /** A tile may be larger than the picture by this factor, in tenths, before the next resolution is used. */
    static final int STRETCH_MAX_TENTHS = 13;

    /** The bounds of a measured rate, in per cent of the nominal one. They keep out bursts and still pictures. */
    static final int MEASURED_MIN_PERCENT = 50;

    static final int MEASURED_MAX_PERCENT = 130;

    /** The least rate of a track with a single encoding in bit/s; a still picture sends less. */
    static final int SINGLE_MIN_BPS = 30_000;

    /** The lowest frame rate of a step above the lowest resolution of a camera. */
    static final int FRAMES_PER_SECOND_MIN = 15;

    /**
     * The frame rate that is assumed of a camera. A measured rate counts only below {@link #FRAMES_PER_SECOND_LOW}, so
     * that a camera at 29 frames a second has the same steps as one at 30.
     */
    static final int FRAMES_PER_SECOND = 30;

    static final int FRAMES_PER_SECOND_LOW = 20;

    /** Two ladders whose rates differ by no more per cent are the same for every decision. */
    static final int CLOSE_PERCENT = 5;

    /** The rates in bit/s to which a publisher with a single encoding can be throttled. */
    private static final int[] THROTTLE_BPS = {PublisherLimits.FLOOR_BPS, 300_000, 500_000, 800_000, 1_500_000};

    private static final int[] SCREEN_BASE_BPS = {200_000, 1_000_000};
    private static final int SCREEN_TOP_BPS = 1_250_000;

    private final LadderPoint[] points;
    private final int[] widths; // By point.
    private final int[] heights;
    private final boolean scalable;
    private final boolean elastic;

    private Ladder(List<LadderPoint> points, int[] widths, int[] heights, boolean scalable, boolean elastic) {
        this.points = points.toArray(LadderPoint[]::new);
        this.widths = widths;
        this.heights = heights;
        this.scalable = scalable;
        this.elastic = elastic;
    }

    /**
     * Returns the nominal ladder of a camera.
     *
     * @param encodings the number of encodings, each half as wide and high as the next
     */
    public static Ladder camera(int width, int height, int encodings) {
        List<MeasuredLayer> layers = new ArrayList<>();
        for (int i = 0; i < encodings; i++) {
            int divisor = 1 << (encodings - 1 - i);
            layers.add(new MeasuredLayer(i, width / divisor, height / divisor, 0, List.of(-1, -1, -1)));
        }
        return of(false, layers, SingleStreamPolicy.PROTECT_PUBLISHER);
    }

    /**
     * Returns the nominal ladder of a screen that libwebrtc sends in its conference mode: two encodings of the same
     * size, the lower one with at most five frames a second.
     */
    public static Ladder conferenceScreen(int width, int height) {
        return of(
                true,
                List.of(
                        new MeasuredLayer(0, width, height, 5, List.of(-1, -1)),
                        new MeasuredLayer(1, width, height, FRAMES_PER_SECOND, List.of(-1, -1))),
                SingleStreamPolicy.PROTECT_PUBLISHER);
    }

    /** Returns the ladder of a track with a single encoding of one temporal layer, which is never throttled. */
    public static Ladder single(int width, int height, int bps) {
        LadderPoint point = new LadderPoint(0, 0, Math.max(bps, SINGLE_MIN_BPS));
        return new Ladder(List.of(point), new int[] {width}, new int[] {height}, false, false);
    }

    /**
     * Returns the ladder of a track with a single encoding whose publisher is throttled to its weakest subscriber. The
     * points have the same layer and differ in the rate that the publisher is asked for.
     */
    public static Ladder elastic(int width, int height) {
        int top = NominalRates.ofEncoding(width, height, true);
        List<LadderPoint> points = new ArrayList<>();
        for (int bps : THROTTLE_BPS) {
            if (bps < top) {
                points.add(new LadderPoint(0, 0, bps));
            }
        }
        points.add(new LadderPoint(0, 0, top));
        int[] widths = new int[points.size()];
        int[] heights = new int[points.size()];
        Arrays.fill(widths, width);
        Arrays.fill(heights, height);
        return new Ladder(points, widths, heights, true, true);
    }

    /**
     * Returns the ladder of what a publisher sends now.
     *
     * @param screen true for a shared screen
     * @param layers the encodings that carry packets now, in any order
     * @param policy what is done about a track with one encoding and one temporal layer
     */
    public static Ladder of(boolean screen, List<MeasuredLayer> layers, SingleStreamPolicy policy) {
        if (layers.isEmpty()) {
            return EMPTY;
        }
        if (layers.size() == 1 && layers.get(0).cumulativeKbps().size() == 1) {
            MeasuredLayer only = layers.get(0);
            int width = only.width() > 0 ? only.width() : 1280;
            int height = only.height() > 0 ? only.height() : 720;
            int measured = only.cumulativeKbps().get(0);
            return policy == SingleStreamPolicy.THROTTLE_PUBLISHER
                    ? elastic(width, height)
                    : single(
                            width,
                            height,
                            measured < 0 ? NominalRates.ofEncoding(width, height, true) : measured * 1000);
        }
        return LadderBuilder.build(screen, layers);
    }

    static Ladder scalable(List<LadderPoint> points, int[] widths, int[] heights) {
        return new Ladder(points, widths, heights, true, false);
    }

    static int screenBps(boolean base, int temporal) {
        return base ? SCREEN_BASE_BPS[Math.min(temporal, SCREEN_BASE_BPS.length - 1)] : SCREEN_TOP_BPS;
    }

    /** Returns the points, the cheapest first. */
    public List<LadderPoint> points() {
        return List.of(points);
    }

    /** Returns the number of points. */
    public int size() {
        return points.length;
    }

    /** Returns the point with this index; the cheapest has index 0. */
    public LadderPoint point(int index) {
        return points[index];
    }

    /** Returns the rate of the point with this index in bit/s. */
    int bps(int index) {
        return points[index].bps();
    }

    /** Returns whether the track has layers to choose from, so that a lower one can be sent instead of nothing. */
    public boolean isScalable() {
        return scalable;
    }

    /** Returns whether the points are rates to which the publisher is throttled. */
    public boolean isElastic() {
        return elastic;
    }

    /**
     * Returns the index of the best point that a tile can use: the smallest picture that fills the tile without being
     * stretched too much, or else the largest picture. Returns -1 if the ladder is empty.
     *
     * @param size the size of the tile; null for the full size of the picture
     */
    public int topFor(@Nullable RenderSize size) {
        int last = points.length - 1;
        if (size == null || elastic || last < 0) {
            return last; // A throttled publisher cannot send a smaller picture, and all subscribers share its rate.
        }
        int best = last;
        for (int i = last - 1; i >= 0; i--) {
            if (points[i].spatial() >= points[best].spatial()) {
                continue; // Another temporal layer of the same picture.
            }
            boolean smaller = widths[i] < widths[best] || heights[i] < heights[best];
            if (smaller && (size.isLowest() || fits(size, widths[i], heights[i]))) {
                best = i;
            }
        }
        return best;
    }

    /** Returns whether a picture fills a tile of this size without being stretched too much. */
    static boolean fits(RenderSize size, int width, int height) {
        return 10L * size.width() <= (long) STRETCH_MAX_TENTHS * width
                || 10L * size.height() <= (long) STRETCH_MAX_TENTHS * height;
    }

    /**
     * Returns the index of the best point that needs neither a higher resolution nor more frames than this layer, or
     * the cheapest point. Returns -1 if the ladder is empty. It finds the present layer in a ladder that has changed.
     */
    int indexOf(LadderPoint layer) {
        int best = Math.min(0, points.length - 1);
        for (int i = 0; i < points.length; i++) {
            boolean covered = points[i].spatial() < layer.spatial()
                    || (points[i].spatial() == layer.spatial() && points[i].temporal() <= layer.temporal());
            if (covered && (!elastic || points[i].bps() <= layer.bps())) {
                best = i;
            }
        }
        return best;
    }

    /**
     * Returns whether the other ladder has the same points with nearly the same rates. A conductor keeps the old ladder
     * then, and nothing needs to be decided again.
     */
    public boolean isCloseTo(Ladder other) {
        if (points.length != other.points.length
                || scalable != other.scalable
                || elastic != other.elastic
                || !Arrays.equals(widths, other.widths)
                || !Arrays.equals(heights, other.heights)) {
            return false;
        }
        for (int i = 0; i < points.length; i++) {
            LadderPoint mine = points[i];
            LadderPoint its = other.points[i];
            if (mine.spatial() != its.spatial()
                    || mine.temporal() != its.temporal()
                    || 100L * Math.abs(mine.bps() - its.bps()) > (long) CLOSE_PERCENT * mine.bps()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Arrays.toString(points);
    }
}
