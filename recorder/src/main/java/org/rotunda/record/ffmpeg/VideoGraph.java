package org.rotunda.record.ffmpeg;

import java.util.List;
import java.util.Locale;
import org.rotunda.record.plan.Box;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Picture;
import org.rotunda.record.plan.Piece;

/**
 * The filter graph that paints one piece: a black base, and over it each picture, scaled into its cell. Input number
 * {@code i} is the file of the i-th picture. The timestamps of the inputs are room time.
 */
final class VideoGraph {
    /** The name of the graph's output. */
    static final String OUTPUT = "[out]";

    private static final long SECOND_MICROS = 1_000_000;

    private final CompositionPlan plan;
    private final Piece piece;

    VideoGraph(CompositionPlan plan, Piece piece) {
        this.plan = plan;
        this.piece = piece;
    }

    String graph() {
        List<Picture> pictures = plan.picturesOf(piece);
        StringBuilder graph = new StringBuilder();
        graph.append("color=black:s=%dx%d:r=%d:d=%s,format=yuv420p[b0]"
                .formatted(
                        plan.width(), plan.height(), plan.framesPerSecond(), seconds(timeOfFrame(piece.frames() + 1))));
        for (int i = 0; i < pictures.size(); i++) {
            graph.append(chain(i, pictures.get(i)));
        }
        return graph.append(";[b%d]format=yuv420p%s".formatted(pictures.size(), OUTPUT))
                .toString();
    }

    /**
     * Returns the filters of a picture. Sizes are computed for each frame, because a phone that is turned changes them
     * in the middle of a file. Bars have even widths: an odd one would shift the colour against the brightness.
     */
    private String chain(int input, Picture picture) {
        Box box = picture.box();
        long fromMicros = timeOfFrame(Math.max(0, picture.firstFrame() - piece.firstFrame()));
        long toMicros = timeOfFrame(Math.min(piece.endFrame(), picture.endFrame()) - piece.firstFrame());
        return (";[%d:v]setpts=PTS-(%s)/TB,scale=%d:%d:force_original_aspect_ratio=decrease:force_divisible_by=2"
                        + ":flags=bilinear:eval=frame,pad=%d:%d:trunc((ow-iw)/4)*2:trunc((oh-ih)/4)*2:eval=frame"
                        + ",setsar=1,format=yuv420p,fps=%d:start_time=%s[v%d]"
                        + ";[b%d][v%d]overlay=x=%d:y=%d:eof_action=repeat:format=yuv420"
                        + ":enable='gte(t,%s)*lt(t,%s)'[b%d]")
                .formatted(
                        input,
                        seconds(picture.offsetMs() * 1_000 + timeOfFrame(piece.firstFrame())),
                        box.width(),
                        box.height(),
                        box.width(),
                        box.height(),
                        plan.framesPerSecond(),
                        seconds(fromMicros),
                        input,
                        input,
                        input,
                        box.x(),
                        box.y(),
                        seconds(Math.max(0, fromMicros - 1_000)), // A frame's time may be a little too early.
                        seconds(toMicros - 1_000),
                        input + 1);
    }

    /** Returns the room time, in milliseconds, of the first frame of this piece that shows the picture. */
    long firstSeenMs(Picture picture) {
        return picture.offsetMs() + timeOfFrame(Math.max(picture.firstFrame(), piece.firstFrame())) / 1_000;
    }

    private long timeOfFrame(long frame) {
        return frame * SECOND_MICROS / plan.framesPerSecond();
    }

    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%d.%06d", micros / SECOND_MICROS, micros % SECOND_MICROS);
    }
}
