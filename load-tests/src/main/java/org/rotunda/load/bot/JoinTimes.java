package org.rotunda.load.bot;

/**
 * The durations of the phases of a join. Each duration begins before the WebSocket is opened. {@link #NOT_YET} stands
 * for an event that has not happened.
 *
 * @param connectedNanos the time until the room's {@code connected} message
 * @param mediaNanos the time until ICE and DTLS had connected
 * @param firstMediaNanos the time until the first media packet
 */
public record JoinTimes(long connectedNanos, long mediaNanos, long firstMediaNanos) {
    public static final long NOT_YET = -1;
}
