package org.rotunda.record.store;

import java.time.Duration;
import java.util.regex.Pattern;

/** Reads the parameter Ttl of a request for a media URL: the time for which the URL is good, in seconds. */
public final class MediaTtl {
    public static final Duration DEFAULT = Duration.ofMinutes(10);
    static final int SECONDS_MAX = 3_600;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private MediaTtl() {}

    /** @throws IllegalArgumentException if the text is no number from 1 to 3600 */
    public static Duration parse(String text) {
        int seconds = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new IllegalArgumentException("must be a number of seconds from 1 to " + SECONDS_MAX);
        }
        return Duration.ofSeconds(seconds);
    }
}
