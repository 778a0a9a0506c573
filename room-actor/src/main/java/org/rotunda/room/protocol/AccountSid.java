package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** The SID of an account. Rooms and API keys belong to an account. */
public record AccountSid(@JsonValue String value) {
    public static final String PREFIX = "AC";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AccountSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Returns whether the text has the form of an account SID. Hex digits must be lower-case. */
    public static boolean isValid(String text) {
        return Sids.isValid(PREFIX, text);
    }

    public static AccountSid random(RandomGenerator random) {
        return new AccountSid(Sids.random(PREFIX, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
