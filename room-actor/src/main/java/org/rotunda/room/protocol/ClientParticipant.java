package org.rotunda.room.protocol;

import java.util.List;

/**
 * The whole current state of a local participant as its client tells it.
 *
 * @param revision the client's own counter; equal or lower than the last seen is a repeat
 */
public record ClientParticipant(long revision, List<ClientTrack> tracks) {
    public ClientParticipant {
        tracks = List.copyOf(tracks);
    }
}
