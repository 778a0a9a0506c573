package org.rotunda.room.protocol;

import java.util.List;

/** The participants of one room; a type of its own because only records of ours cross nodes. */
public record ParticipantViews(List<ParticipantView> participants) {
    public ParticipantViews {
        participants = List.copyOf(participants);
    }
}
