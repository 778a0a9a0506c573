package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** Names one publication; a new one for every publish, also of the same track. */
public record TrackSid(@JsonValue String value) {
    public static final String PREFIX = "MT";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TrackSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Whether the text has the form of this kind of SID; upper-case digits do not occur in ours. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static TrackSid random(RandomGenerator random) {
        return new TrackSid(Sids.random(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
