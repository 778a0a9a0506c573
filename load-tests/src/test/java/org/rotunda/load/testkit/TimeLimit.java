package org.rotunda.load.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;

/**
 * Limits of times and rates that a test measures on a running call. {@code bin/test full}, which runs on a quiet
 * machine, keeps the limits themselves. Every other build may share its processors with anything, so it fails only above
 * {@value #BUSY} times a limit, or below that share of a rate: so much shows a fault and not a busy machine.
 */
public final class TimeLimit {
    static final int BUSY = 5;

    /** The system property that makes limits strict. */
    private static final String STRICT = "rotunda.times.strict";

    private TimeLimit() {}

    /** Asserts that a measured time is within its limit. Both are in milliseconds. */
    public static void holds(String what, double millis, double maxMillis) {
        holds(what, List.of(millis), maxMillis);
    }

    /** Asserts that each of the measured times is within the limit. All are in milliseconds. */
    public static void holds(String what, Collection<Double> millis, double maxMillis) {
        holds(what, millis, maxMillis, Boolean.getBoolean(STRICT));
    }

    /** Returns the lowest rate that this build accepts where a quiet machine must reach the given one. */
    public static double leastRate(double quiet) {
        return leastRate(quiet, Boolean.getBoolean(STRICT));
    }

    static double leastRate(double quiet, boolean strict) {
        return strict ? quiet : quiet / BUSY;
    }

    static void holds(String what, Collection<Double> millis, double maxMillis, boolean strict) {
        double allowed = strict ? maxMillis : BUSY * maxMillis;
        assertThat(millis)
                .as("%s, ms, of which a quiet machine needs %s", what, maxMillis)
                .allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(allowed));
    }
}
