package org.rotunda.room.protocol;

import java.util.List;

/**
 * The whole current state of a local participant as its client reports it.
 *
 * @param revision the client's own counter; a value that is not above the last value seen marks a repeat
 */
public record ClientParticipant(long revision, List<ClientTrack> tracks) {
    public ClientParticipant {
        tracks = List.copyOf(tracks);
    }
}
