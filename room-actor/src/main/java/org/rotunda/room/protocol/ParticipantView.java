package org.rotunda.room.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A participant as the REST API shows it.
 *
 * @param endedAt the time at which the participant left; null while the participant is in the room
 */
public record ParticipantView(
        ParticipantSid sid,
        RoomSid room,
        AccountSid account,
        String identity,
        ParticipantStatus status,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant endedAt) {}
