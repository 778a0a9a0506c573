package org.rotunda.room.allocation;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;

/** The priority of a video track for one subscriber. Priorities have no effect on audio. */
public final class EffectivePriority {
    private EffectivePriority() {}

    /**
     * Returns the priority that counts. A subscriber's own priority replaces the publisher's. The video of the dominant
     * speaker is raised to the priority of the profile, and never lowered.
     *
     * @param publish the priority that the publisher gives the track
     * @param subscribe the priority that this subscriber gives the track; null if it gives none
     * @param dominant true if the track is of the subscriber's dominant speaker ({@link #dominantFor})
     */
    public static TrackPriority of(
            TrackPriority publish, @Nullable TrackPriority subscribe, boolean dominant, BandwidthProfile profile) {
        TrackPriority own = subscribe == null ? publish : subscribe;
        TrackPriority least = profile.dominantSpeakerPriority();
        return dominant && least.compareTo(own) > 0 ? least : own;
    }

    /**
     * Returns the dominant speaker for one subscriber: the first speaker that this subscriber receives. So a
     * participant that dominates the room has the next speaker in its own view.
     *
     * @param speakers the speakers of the room, the dominant one first
     * @param isReceived tells whether the subscriber receives this participant; false for the subscriber itself
     */
    public static Optional<ParticipantSid> dominantFor(
            List<ParticipantSid> speakers, Predicate<ParticipantSid> isReceived) {
        return speakers.stream().filter(isReceived).findFirst();
    }
}
