package org.rotunda.room.state;

import java.time.Instant;
import java.util.List;
import org.rotunda.room.protocol.TrackRule;

/**
 * The recording rules that were set for a room.
 *
 * @param createdAt the time at which the first rules were set
 * @param updatedAt the time at which these rules were set
 */
public record RecordingRules(List<TrackRule> rules, Instant createdAt, Instant updatedAt) {
    public RecordingRules {
        rules = List.copyOf(rules);
    }
}
