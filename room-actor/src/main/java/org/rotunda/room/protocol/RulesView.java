package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscribe rules of a participant, or the recording rules of a room, as the REST API shows them.
 *
 * @param participant the participant to whom the rules apply; null for recording rules
 * @param createdAt the time at which the first rules were set; null while the default rule is in force
 * @param updatedAt the time at which the present rules were set; null while the default rule is in force
 */
public record RulesView(
        @Nullable ParticipantSid participant,
        List<TrackRule> rules,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt) {
    public RulesView {
        rules = List.copyOf(rules);
    }
}
