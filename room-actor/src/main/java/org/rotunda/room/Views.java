package org.rotunda.room;

import org.rotunda.room.participant.Departed;

/** Views of what is over. */
final class Views {
    private Views() {}

    static ParticipantView of(Departed gone, RoomView room) {
        return new ParticipantView(
                gone.sid(),
                room.sid(),
                room.account(),
                gone.identity(),
                ParticipantStatus.DISCONNECTED,
                gone.connectedAt(),
                gone.endedAt(),
                gone.endedAt());
    }
}
