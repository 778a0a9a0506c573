package org.rotunda.room.signal;

import org.rotunda.room.protocol.TrackSid;

/** What became of the hint for one track. */
public record TrackResult(TrackSid track, HintResult result) {}
