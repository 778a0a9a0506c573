package org.rotunda.room.allocation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The reason of a track's present layer with the numbers behind it.
 *
 * @param reason the reason
 * @param layer the layer that is sent; null if the track is off
 * @param desired the layer that the tile can use at most; null if the publisher sends nothing
 * @param next the next step; null if there is none
 * @param budgetBps the bandwidth for all video of the subscriber
 * @param sumBps what all its tracks cost now
 * @param waitMillis the time until the next step or the return if the bandwidth stays; 0 if no wait is running
 */
public record Explanation(
        Reason reason,
        @Nullable LadderPoint layer,
        @Nullable LadderPoint desired,
        @Nullable LadderPoint next,
        long budgetBps,
        long sumBps,
        long waitMillis) {
    /** The explanation of a track whose codec the client cannot decode. Such a track is not part of a plan. */
    public static final Explanation CODEC_MISSING = new Explanation(Reason.CODEC_MISSING, null, null, null, 0, 0, 0);

    /** Returns the explanation as one sentence for people. */
    public String text() {
        return switch (reason) {
            case AS_DESIRED -> "The tile gets the best layer that it can use.";
            case BUDGET ->
                "The next layer %s does not fit: all video may have %s and has %s."
                        .formatted(rate(next), kbps(budgetBps), kbps(sumBps));
            case HEADROOM_WAIT ->
                "The next layer %s fits, and comes if the bandwidth stays%s.".formatted(rate(next), wait(", in about"));
            case DWELL ->
                "The next layer %s fits, and comes%s, because the resolution has changed a moment ago."
                        .formatted(rate(next), wait(" in about"));
            case GRACE ->
                "The most important track stays on, although all video may have only %s.".formatted(kbps(budgetBps));
            case NEVER_OFF ->
                "The track stays on, although all video may have only %s, because no congestion may "
                                .formatted(kbps(budgetBps))
                        + "switch it off now.";
            case SOURCE_SILENT -> "The publisher sends no packets on this track.";
            case LAYER_INACTIVE -> "The publisher has stopped a better layer that the tile could use.";
            case STEPPED_DOWN -> "The router sends a lower layer for the moment, because the bandwidth has collapsed.";
            case CLIENT_OFF -> "The client has asked for the track not to be sent.";
            case MAX_TRACKS -> "The profile's largest number of tracks is reached by more important ones.";
            case CONGESTION_OFF ->
                "The track is off: its lowest layer %s does not fit, as all video may have %s and has %s."
                        .formatted(rate(next), kbps(budgetBps), kbps(sumBps));
            case CONGESTION_OFF_WAIT ->
                "The track is off after congestion, and comes back if the bandwidth stays%s."
                        .formatted(wait(", in about"));
            case CODEC_MISSING -> "The client cannot decode the codec of the track.";
        };
    }

    private static String rate(@Nullable LadderPoint point) {
        return point == null ? "" : "(%s)".formatted(kbps(point.bps()));
    }

    private static String kbps(long bps) {
        return bps / 1000 + " kbit/s";
    }

    private String wait(String words) {
        return waitMillis == 0 ? "" : String.format(Locale.ROOT, "%s %.1f s", words, waitMillis / 1000.0);
    }
}
