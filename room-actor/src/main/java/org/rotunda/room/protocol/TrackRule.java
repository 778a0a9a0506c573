package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;

/**
 * One rule of a participant's subscribe rules or of a room's recording rules. A rule matches the tracks that pass all
 * of its filters. A filter that is null lets every track pass. {@code RuleGrammar} of {@code room.rules} makes valid
 * rules from JSON.
 *
 * @param all true for a rule that matches every track; such a rule has no other filter
 * @param publisher the identity or the SID of the publisher
 * @param track the name or the SID of the track
 * @param priority the priority that the publisher gives the track
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrackRule(
        Type type,
        boolean all,
        @Nullable TrackKind kind,
        @Nullable String publisher,
        @Nullable String track,
        @Nullable TrackPriority priority) {
    /** The maximum number of rules that are in force together. */
    public static final int RULES_MAX = 20;

    /**
     * The maximum length of a publisher or a track in a rule, in UTF-16 units. Longer identities and names do not
     * exist.
     */
    public static final int FILTER_CHARS_MAX = 128;

    public static final TrackRule INCLUDE_ALL = new TrackRule(Type.INCLUDE, true, null, null, null, null);
    public static final TrackRule EXCLUDE_ALL = new TrackRule(Type.EXCLUDE, true, null, null, null, null);

    /** The effect of a rule on the tracks that it matches. */
    public enum Type {
        /** Adds the tracks to the set. */
        INCLUDE,
        /** Takes the tracks out of the set. */
        EXCLUDE
    }
}
