package org.rotunda.room.state;

import java.time.Instant;
import org.rotunda.room.protocol.ParticipantSid;

/** The data that a room keeps of a participant who has left. */
public record Departed(ParticipantSid sid, String identity, Instant connectedAt, Instant endedAt) {}
