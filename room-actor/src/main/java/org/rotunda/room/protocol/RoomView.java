package org.rotunda.room.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A room as the REST API shows it.
 *
 * @param uniqueName the name, or the SID if the room was given no name
 * @param updatedAt the time of the latest change of the room resource itself, not of its participants
 * @param endedAt the time at which the room ended; null while it is in progress
 */
public record RoomView(
        RoomSid sid,
        AccountSid account,
        String uniqueName,
        RoomStatus status,
        RoomProperties properties,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt) {}
