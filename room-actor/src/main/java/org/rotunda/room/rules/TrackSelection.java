package org.rotunda.room.rules;

import java.util.List;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/**
 * Decides which tracks a list of rules selects. The rules act on a set of tracks in their order: an include rule adds
 * the tracks that it matches, and an exclude rule takes the tracks that it matches out. So the last rule that matches a
 * track decides about it. Pure functions.
 */
public final class TrackSelection {
    private TrackSelection() {}

    /** A track about which rules decide, with its publisher. */
    public interface Candidate {
        ParticipantSid publisherSid();

        String publisherIdentity();

        TrackSid trackSid();

        String trackName();

        TrackKind trackKind();

        TrackPriority trackPriority();
    }

    /**
     * Returns whether the rules select the track.
     *
     * @param start true if the set has all tracks before the first rule; false if it is empty then
     */
    public static boolean selects(List<TrackRule> rules, boolean start, Candidate track) {
        boolean selected = start;
        for (TrackRule rule : rules) {
            boolean isInclude = rule.type() == TrackRule.Type.INCLUDE;
            if (selected != isInclude && matches(rule, track)) {
                selected = isInclude;
            }
        }
        return selected;
    }

    /**
     * Returns whether the rules could select a track in some room.
     *
     * @param start true if the set has all tracks before the first rule; false if it is empty then
     */
    public static boolean canSelect(List<TrackRule> rules, boolean start) {
        boolean possible = start;
        for (TrackRule rule : rules) {
            if (rule.type() == TrackRule.Type.INCLUDE) {
                possible = true;
            } else if (rule.all()) {
                possible = false;
            }
        }
        return possible;
    }

    /** Returns whether the track passes all filters of the rule. Names and identities are compared letter by letter. */
    static boolean matches(TrackRule rule, Candidate track) {
        return (rule.kind() == null || rule.kind() == track.trackKind())
                && (rule.priority() == null || rule.priority() == track.trackPriority())
                && (rule.publisher() == null
                        || rule.publisher().equals(track.publisherIdentity())
                        || rule.publisher().equals(track.publisherSid().value()))
                && (rule.track() == null
                        || rule.track().equals(track.trackName())
                        || rule.track().equals(track.trackSid().value()));
    }
}
