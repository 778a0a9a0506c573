package org.rotunda.room.quota;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/**
 * A seat that was taken or given back. Stored, as a part of {@link SeatsChanged}.
 *
 * @param type the type of the room; without meaning if the seat is given back
 * @param participant null for the seat of the room itself; if that is given back, so are those of its participants
 * @param taken false if the seat is given back
 */
public record SeatChange(
        RoomSid room, RoomType type, @Nullable ParticipantSid participant, boolean taken) {}
