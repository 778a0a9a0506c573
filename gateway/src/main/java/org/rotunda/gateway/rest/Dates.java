package org.rotunda.gateway.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates in filters, in all forms that Twilio's helper libraries send. The zone, the seconds or the whole time may
 * be missing.
 */
final class Dates {
    /** The greatest length of a date in characters. The longest zone name fits. */
    private static final int LENGTH_MAX = 100;

    /** A space before a zone offset. The space was a plus sign that the caller did not escape. */
    private static final Pattern LOST_PLUS = Pattern.compile(" (?=\\d\\d:\\d\\d(\\[|$))");

    /** The first and the last moment of a filter. PostgreSQL refuses a query with a date far outside these years. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private Dates() {}

    /** Returns whether a database can store the moment. */
    static boolean isStorable(Instant moment) {
        return !moment.isBefore(EARLIEST) && !moment.isAfter(LATEST);
    }

    /** Returns the moment in a parameter, or null if the parameter is absent. A date without a zone is in UTC. */
    static @Nullable Instant filter(Parameters query, String name) {
        String text = query.text(name);
        if (text == null) {
            return null;
        }
        if (text.length() > LENGTH_MAX) {
            throw ApiFault.invalid(name);
        }
        Instant moment = moment(text, name);
        if (!isStorable(moment)) {
            throw ApiFault.invalid(name);
        }
        return moment;
    }

    private static Instant moment(String text, String name) {
        try {
            TemporalAccessor parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    LOST_PLUS.matcher(text).replaceFirst("+"), ZonedDateTime::from, LocalDateTime::from);
            return parsed instanceof ZonedDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notATime) {
            return day(text, name);
        }
    }

    private static Instant day(String text, String name) {
        try {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw ApiFault.invalid(name);
        }
    }
}
