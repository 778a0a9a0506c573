package org.rotunda.room.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/** The SID of an account, to which rooms and keys belong. */
public record AccountSid(@JsonValue String value) {
    public static final String PREFIX = "AC";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AccountSid {
        Sids.requireValid(PREFIX, value);
    }

    /**
     * Returns whether the text has the form of this kind of SID. Upper-case hex digits are refused, because no SID has
     * them.
     */
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
