package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** The SID of one publication. Every publication gets a new SID, even if the same track is published again. */
public record TrackSid(@JsonValue String value) {
    public static final String PREFIX = "MT";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TrackSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Returns whether the text has the form of a track SID. Hex digits must be lower-case. */
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
