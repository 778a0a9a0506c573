package org.rotunda.load.bot;

/**
 * The times from the call that starts a join to the events of the join. {@link #NOT_YET} stands for an event that has
 * not happened.
 *
 * @param connectedNanos the time until the room's {@code connected} message
 * @param mediaNanos the time until ICE and DTLS had connected
 * @param firstMediaNanos the time until the first media packet
 */
public record JoinTimes(long connectedNanos, long mediaNanos, long firstMediaNanos) {
    public static final long NOT_YET = -1;
}
