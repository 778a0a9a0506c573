package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** The SID of a participant in a room. Every connect gets a new SID. */
public record ParticipantSid(@JsonValue String value) {
    public static final String PREFIX = "PA";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ParticipantSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Returns whether the text has the form of a participant SID. Hex digits must be lower-case. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static ParticipantSid random(RandomGenerator random) {
        return new ParticipantSid(Sids.randomInCell(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
