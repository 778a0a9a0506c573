package org.rotunda.room.state;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/**
 * The subscribe rules that were set for a participant.
 *
 * @param createdAt the time at which the first rules were set
 * @param updatedAt the time at which these rules were set
 * @param timesLeft for each track, by its SID, how often the track has left the set of tracks that the participant
 *     receives while it was published; a track that never left is not in the map
 */
public record SubscribeRules(
        List<TrackRule> rules, Instant createdAt, Instant updatedAt, Map<String, Integer> timesLeft) {
    public SubscribeRules {
        rules = List.copyOf(rules);
        timesLeft = Map.copyOf(timesLeft);
    }

    /** Returns how often this track has left the set. */
    int timesLeft(TrackSid track) {
        return timesLeft.getOrDefault(track.value(), 0);
    }

    /**
     * Returns these rules after tracks have left the set.
     *
     * @param published the SIDs of all tracks in the room; the numbers of other tracks are forgotten
     */
    SubscribeRules afterLeft(Set<TrackSid> left, List<TrackSid> published) {
        Map<String, Integer> next = new HashMap<>();
        for (TrackSid track : published) {
            int times = timesLeft(track) + (left.contains(track) ? 1 : 0);
            if (times > 0) {
                next.put(track.value(), times);
            }
        }
        return new SubscribeRules(rules, createdAt, updatedAt, next);
    }
}
