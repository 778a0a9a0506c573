package org.rotunda.room.protocol;

import java.time.Duration;

/** The checks that several settings records share. */
public final class Settings {
    private Settings() {}

    /**
     * Refuses a duration that is zero or negative.
     *
     * @param key the full path of the setting, for the message
     * @throws IllegalArgumentException if the value is not positive
     */
    public static void requirePositive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be positive: " + value);
        }
    }
}
