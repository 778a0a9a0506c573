package org.rotunda.room.state;

import org.rotunda.room.protocol.RoomError;

/** A track that a client may not publish. The refusal is kept until the client stops listing the track. */
public record RefusedTrack(String clientTrackId, RoomError error) {}
