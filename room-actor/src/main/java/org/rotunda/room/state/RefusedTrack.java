package org.rotunda.room.state;

import org.rotunda.room.protocol.RoomError;

/**
 * A track that the room does not let a client publish. The refusal is kept until the client stops listing the track.
 */
public record RefusedTrack(String clientTrackId, RoomError error) {}
