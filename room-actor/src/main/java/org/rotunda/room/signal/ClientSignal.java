package org.rotunda.room.signal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** A message from a client on a media-signaling channel. */
public sealed interface ClientSignal {

    /** The client listens on the channel. */
    record Ready() implements ClientSignal {}

    /**
     * Asks once for the quality of the client's network. Of the client's own measurements only those of its connection
     * are kept, because current browsers measure nothing for each kind of media.
     *
     * @param localVerbosity how much the answer tells about the client itself, from 1 to 3
     * @param remoteVerbosity how much the answer tells about the others, from 0 (nothing) to 3
     * @param availableSendBps the client's estimate of its uplink in bit/s; -1 if it has none
     * @param rttSeconds the round-trip time of the client's connection; -1 if unknown
     */
    record QualityAsked(int localVerbosity, int remoteVerbosity, double availableSendBps, double rttSeconds)
            implements ClientSignal {}

    /**
     * Gives a track a priority that holds for this subscriber only.
     *
     * @param priority the subscriber's priority; null to return to the priority that the publisher gave the track
     */
    record PriorityChosen(TrackSid track, @Nullable TrackPriority priority) implements ClientSignal {}

    /**
     * Says what the subscriber shows. It must be answered with {@link ServerSignal.RenderHintsTaken}, or the client
     * repeats it.
     */
    record RenderHints(long id, List<RenderHint> hints) implements ClientSignal {
        public RenderHints {
            hints = List.copyOf(hints);
        }
    }

    /**
     * What a subscriber says about one track. A value that is null has not changed.
     *
     * @param enabled whether the subscriber wants the video at all
     * @param size the size at which it shows the video
     */
    record RenderHint(
            TrackSid track,
            @Nullable Boolean enabled,
            @Nullable PictureSize size) {}

    /** The publisher's answer to {@link ServerSignal.PublisherHints}. */
    record PublisherHintsTaken(long id, List<TrackResult> results) implements ClientSignal {
        public PublisherHintsTaken {
            results = List.copyOf(results);
        }
    }

    /** The publisher has replaced the source of a track, which set all its encodings back to their defaults. */
    record EncodingsReset(TrackSid track) implements ClientSignal {}
}
