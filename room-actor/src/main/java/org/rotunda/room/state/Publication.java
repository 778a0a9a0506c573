package org.rotunda.room.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * A track that a participant publishes.
 *
 * @param clientTrackId the client's id of the track; kind and name never change while the id stays the same
 * @param publishedAt the time of the publication; null in an event, and in rooms that were stored by earlier releases
 * @param updatedAt the time of the last change of the track; null before the first change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Publication(
        TrackSid sid,
        String clientTrackId,
        TrackKind kind,
        String name,
        boolean enabled,
        TrackPriority priority,
        @Nullable Instant publishedAt,
        @Nullable Instant updatedAt) {

    /** Creates a publication as events have it, without times. */
    public Publication(
            TrackSid sid, String clientTrackId, TrackKind kind, String name, boolean enabled, TrackPriority priority) {
        this(sid, clientTrackId, kind, name, enabled, priority, null, null);
    }

    Publication at(Instant published) {
        return new Publication(sid, clientTrackId, kind, name, enabled, priority, published, null);
    }

    /** Returns this publication with new values of the two properties that a client can change. */
    public Publication with(boolean nowEnabled, TrackPriority nowPriority, Instant at) {
        return new Publication(sid, clientTrackId, kind, name, nowEnabled, nowPriority, publishedAt, at);
    }
}
