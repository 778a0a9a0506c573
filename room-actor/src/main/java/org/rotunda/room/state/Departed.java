package org.rotunda.room.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;

/**
 * The data that a room keeps of a participant who has left.
 *
 * @param identity the identity; the SID once the participant is anonymized
 * @param anonymizedAt the time at which the identity was replaced; null if it was not replaced
 */
public record Departed(
        ParticipantSid sid,
        String identity,
        Instant connectedAt,
        Instant endedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant anonymizedAt) {

    /** Returns the time of the last change of the participant. */
    public Instant updatedAt() {
        return anonymizedAt == null ? endedAt : anonymizedAt;
    }

    /** Returns whether the participant had to leave at the end of the longest stay that the room allows. */
    public boolean stayedTooLong(RoomProperties room) {
        return !endedAt.isBefore(connectedAt.plusSeconds(room.maxParticipantDurationSeconds()));
    }

    Departed anonymized(Instant at) {
        return new Departed(sid, sid.value(), connectedAt, endedAt, at);
    }
}
