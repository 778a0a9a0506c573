package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** Names the account that owns rooms and keys. */
public record AccountSid(@JsonValue String value) {
    public static final String PREFIX = "AC";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AccountSid {
        Sids.requireValid(PREFIX, value);
    }

    /** Whether the text has the form of this kind of SID; upper-case digits do not occur in ours. */
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
