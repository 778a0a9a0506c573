package org.rotunda.load.bot;

/**
 * How long a join took, each from the moment it was begun, before the WebSocket was opened; {@link #NOT_YET} for what has not happened.
 *
 * @param connectedNanos the room's {@code connected} message came
 * @param mediaNanos ICE and DTLS are up
 * @param firstMediaNanos the first media packet came
 */
public record JoinTimes(long connectedNanos, long mediaNanos, long firstMediaNanos) {
    public static final long NOT_YET = -1;
}
