package org.rotunda.room.protocol;

import java.util.List;

/** The participants of one room. This record exists because only our own types are sent between nodes. */
public record ParticipantViews(List<ParticipantView> participants) {
    public ParticipantViews {
        participants = List.copyOf(participants);
    }
}
