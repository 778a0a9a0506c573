package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** The SID of a room, unique for ever. The SID is also the id of the room's entity. */
public record RoomSid(@JsonValue String value) {
    public static final String PREFIX = "RM";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RoomSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Returns whether the text has the form of a room SID. Hex digits must be lower-case. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static RoomSid random(RandomGenerator random) {
        return new RoomSid(Sids.randomInCell(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
