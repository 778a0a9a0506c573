package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a participant receives its video tracks as it does, for people.
 *
 * @param profile the bandwidth profile of the participant; null if its client named none
 * @param tracks the video tracks that the participant receives, the most important one first
 */
public record AllocationView(
        ParticipantSid participant,
        RoomSid room,
        AccountSid account,
        @Nullable BandwidthProfile profile,
        Budget budget,
        List<Track> tracks) {
    /** The maximum number of past changes of a track. */
    public static final int CHANGES_MAX = 10;

    /** The maximum length of the texts in UTF-16 units. */
    public static final int TEXT_CHARS_MAX = 300;

    public AllocationView {
        tracks = List.copyOf(tracks);
    }

    /**
     * The bandwidth of the participant.
     *
     * @param estimateBps what its network carries; -1 while unknown
     * @param reserveBps the part that video does not get
     * @param capBps the limit of the room, or of the client if that is lower
     * @param sumBps what the video tracks take together
     * @param loss the share of lost packets, from 0 to 1
     */
    public record Budget(long estimateBps, long reserveBps, long capBps, long sumBps, double loss, int queueMillis) {}

    /**
     * One video track.
     *
     * @param rank 0 for the most important track
     * @param layer the layer that is sent; null if none is sent
     * @param desired the best layer that the participant can use; null if the publisher sends nothing
     * @param next the next better layer; null if there is none
     * @param reason the reason of the present layer, as a word
     * @param text the reason as a sentence
     * @param waitMillis the time until the next change if the bandwidth stays; 0 if nothing is waited for
     * @param changes the last changes, the newest first
     */
    public record Track(
            TrackSid track,
            ParticipantSid publisher,
            int rank,
            @Nullable Layer layer,
            @Nullable Layer desired,
            @Nullable Layer next,
            String reason,
            String text,
            long waitMillis,
            List<Change> changes) {
        public Track {
            changes = List.copyOf(changes);
            text = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
        }
    }

    /**
     * A layer of a video track.
     *
     * @param spatial the index of the encoding, 0 is the lowest resolution
     * @param temporal the index of the temporal layer, 0 is the lowest frame rate
     * @param bps what the layer takes, in bit/s
     */
    public record Layer(int spatial, int temporal, long bps) {}

    /**
     * A past change of a track.
     *
     * @param from the layer before; null if none was sent
     * @param to the layer after; null if none is sent
     * @param reason the reason of the new layer, as a word
     * @param cause the event that started the change, as a word
     * @param budgetBps the bandwidth for all video tracks at that time
     * @param sumBps what all video tracks took after the change
     */
    public record Change(
            Instant at,
            @Nullable Layer from,
            @Nullable Layer to,
            String reason,
            String cause,
            long budgetBps,
            long sumBps) {}
}
