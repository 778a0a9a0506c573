package org.rotunda.gateway.insights;

import java.time.Instant;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;

/** A frame that a client sends on an insights socket. */
sealed interface InsightsFrame {

    /**
     * The first frame.
     *
     * @param publisher what the client says about itself (SDK, browser, device), as a JSON object in ASCII
     */
    record Connect(String token, RoomSid room, ParticipantSid participant, String publisher) implements InsightsFrame {}

    /** A report. The payload is a JSON object in ASCII. */
    record Event(String group, String name, String level, Instant happenedAt, String payload)
            implements InsightsFrame {}
}
