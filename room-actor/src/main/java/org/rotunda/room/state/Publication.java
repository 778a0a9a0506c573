package org.rotunda.room.state;

import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * A track that a participant publishes.
 *
 * @param clientTrackId the client's id of the track; kind and name never change while the id stays the same
 */
public record Publication(
        TrackSid sid, String clientTrackId, TrackKind kind, String name, boolean enabled, TrackPriority priority) {

    /** Returns this publication with new values of the two properties that a client can change. */
    public Publication with(boolean nowEnabled, TrackPriority nowPriority) {
        return new Publication(sid, clientTrackId, kind, name, nowEnabled, nowPriority);
    }
}
