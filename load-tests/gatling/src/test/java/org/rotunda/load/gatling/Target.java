package org.rotunda.load.gatling;

import java.time.Duration;

/** What is loaded, and how much: system properties, because Gatling has the command line. */
final class Target {
    private Target() {}

    /** Where HTTP is answered, {@code rotunda.url}. */
    static String url() {
        return System.getProperty("rotunda.url", "http://127.0.0.1:8080");
    }

    static String webSocketUrl() {
        return url().replaceFirst("^http", "ws");
    }

    /** Virtual users that begin each second, {@code rotunda.rate}. */
    static double rate(double otherwise) {
        return Double.parseDouble(System.getProperty("rotunda.rate", Double.toString(otherwise)));
    }

    /** How long users begin, {@code rotunda.seconds}. */
    static Duration duration(int otherwise) {
        return Duration.ofSeconds(Integer.getInteger("rotunda.seconds", otherwise));
    }

    /** Virtual users at the same time, {@code rotunda.users}. */
    static int users(int otherwise) {
        return Integer.getInteger("rotunda.users", otherwise);
    }
}
