package org.rotunda.room.state;

import java.time.Instant;
import org.rotunda.room.protocol.ParticipantSid;

/** What a room remembers of somebody who was there. */
public record Departed(ParticipantSid sid, String identity, Instant connectedAt, Instant endedAt) {}
