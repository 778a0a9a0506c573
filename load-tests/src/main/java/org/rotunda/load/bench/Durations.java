package org.rotunda.load.bench;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parser for durations on the command line, such as {@code 500ms}, {@code 30s} or {@code 2m}. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m)");

    private Durations() {}

    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a duration is written like 500ms, 30s or 2m, not: " + text);
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
