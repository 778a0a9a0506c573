package org.rotunda.record.plan;

import java.util.List;
import org.rotunda.record.layout.OutputFormat;

/**
 * Everything that is to be known to render a composition. It is made once, stored, and rendered by whoever takes the
 * job, so the result does not depend on who that is.
 *
 * @param width the width of the picture in pixels; 0 if the composition is only sound
 * @param lengthMs the length of the composition
 * @param frames the number of frames of its picture; 0 if it is only sound
 * @param kept the stretches of room time that are kept
 * @param recordings the recordings that are read
 * @param pictures what is painted, in the order of painting
 * @param sounds what is mixed; nothing if the file has no sound
 */
public record CompositionPlan(
        OutputFormat format,
        int width,
        int height,
        int framesPerSecond,
        long lengthMs,
        long frames,
        List<Timeline.Kept> kept,
        List<SourceRecording> recordings,
        List<RegionPlan> regions,
        List<Picture> pictures,
        List<Sound> sounds,
        List<Piece> pieces) {
    public CompositionPlan {
        kept = List.copyOf(kept);
        recordings = List.copyOf(recordings);
        regions = List.copyOf(regions);
        pictures = List.copyOf(pictures);
        sounds = List.copyOf(sounds);
        pieces = List.copyOf(pieces);
    }

    public boolean hasVideo() {
        return frames > 0;
    }

    public boolean hasAudio() {
        return !sounds.isEmpty();
    }

    /** Returns the recording with this SID, which a picture or a sound of this plan names. */
    public SourceRecording recording(String sid) {
        return recordings.stream()
                .filter(each -> each.recordingSid().equals(sid))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The plan has no recording " + sid));
    }

    /** Returns the pictures that are seen in a piece, in the order of painting. */
    public List<Picture> picturesOf(Piece piece) {
        return pictures.stream()
                .filter(each -> each.isSeenIn(piece.firstFrame(), piece.endFrame()))
                .toList();
    }
}
