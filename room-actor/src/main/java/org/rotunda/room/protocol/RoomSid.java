package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** Names a room for ever; also the id of its entity. */
public record RoomSid(@JsonValue String value) {
    public static final String PREFIX = "RM";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RoomSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Whether the text has the form of this kind of SID; upper-case digits do not occur in ours. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static RoomSid random(RandomGenerator random) {
        return new RoomSid(Sids.random(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
