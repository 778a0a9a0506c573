package org.rotunda.room.protocol;

import java.util.List;

/**
 * The tracks that one participant publishes or receives.
 *
 * @param participant the publisher or subscriber of all these tracks
 */
public record TrackViews(ParticipantSid participant, List<TrackView> tracks) {
    public TrackViews {
        tracks = List.copyOf(tracks);
    }
}
