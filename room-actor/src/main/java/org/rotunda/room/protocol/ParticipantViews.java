package org.rotunda.room.protocol;

import java.util.List;

/** The participants of one room. They have their own type, because only our own records cross nodes. */
public record ParticipantViews(List<ParticipantView> participants) {
    public ParticipantViews {
        participants = List.copyOf(participants);
    }
}
