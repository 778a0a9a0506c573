package org.rotunda.room.state;

import org.rotunda.room.protocol.RoomError;

/** A track that a client wants to publish and may not; told until the client stops listing it. */
public record RefusedTrack(String clientTrackId, RoomError error) {}
