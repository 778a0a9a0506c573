package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** Names one participant's stay in a room; a new one for every connect. */
public record ParticipantSid(@JsonValue String value) {
    public static final String PREFIX = "PA";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ParticipantSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Whether the text has the form of this kind of SID; upper-case digits do not occur in ours. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static ParticipantSid random(RandomGenerator random) {
        return new ParticipantSid(Sids.random(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
