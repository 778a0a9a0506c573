package org.rotunda.load.gatling;

import java.time.Duration;
import java.util.Locale;

/**
 * The address of the server and the amount of the load. Both come from system properties, because Gatling uses the
 * command line itself.
 */
final class Target {
    private Target() {}

    /** Returns the base URL of the node or cluster ({@code rotunda.url}). */
    static String url() {
        return System.getProperty("rotunda.url", "http://127.0.0.1:8080");
    }

    static String webSocketUrl() {
        return url().replaceFirst("^http", "ws");
    }

    /** Returns the number of virtual users that start each second ({@code rotunda.rate}). */
    static double rate(double otherwise) {
        return Double.parseDouble(System.getProperty("rotunda.rate", Double.toString(otherwise)));
    }

    /** Returns the time during which new users start ({@code rotunda.seconds}). */
    static Duration duration(int otherwise) {
        return Duration.ofSeconds(Integer.getInteger("rotunda.seconds", otherwise));
    }

    /** Describes a load of users who start at a constant rate. */
    static String constantLoad(double rateOtherwise, int secondsOtherwise) {
        return String.format(
                Locale.ROOT,
                "%s users/s for %d s",
                rate(rateOtherwise),
                duration(secondsOtherwise).toSeconds());
    }

    /** Returns the number of virtual users ({@code rotunda.users}). */
    static int users(int otherwise) {
        return Integer.getInteger("rotunda.users", otherwise);
    }
}
