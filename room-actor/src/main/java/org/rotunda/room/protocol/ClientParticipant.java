package org.rotunda.room.protocol;

import java.util.List;

/**
 * The whole current state of a participant, as its own client reports it.
 *
 * @param revision the client's own counter; a state is a repeat if its revision is not above the last revision seen
 */
public record ClientParticipant(long revision, List<ClientTrack> tracks) {
    public ClientParticipant {
        tracks = List.copyOf(tracks);
    }
}
