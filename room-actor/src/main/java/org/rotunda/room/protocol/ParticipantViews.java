package org.rotunda.room.protocol;

import java.util.List;

/** The participants of one room. They have a type of their own because only records of ours cross nodes. */
public record ParticipantViews(List<ParticipantView> participants) {
    public ParticipantViews {
        participants = List.copyOf(participants);
    }
}
