package org.rotunda.room.quality;

/**
 * What a client says about its connection, in the {@code ice} part of its message on the {@code network_quality}
 * channel. The other parts of that message are zero or absent in present browsers, so we measure ourselves.
 *
 * @param availableSendBps the client's own estimate of what it can send; {@link #UNKNOWN} if it has none
 * @param rttMillis the round-trip time; {@link #UNKNOWN} if the client has not measured it
 */
public record ClientNetwork(long availableSendBps, int rttMillis) {
    public static final int UNKNOWN = -1;

    /** The report of a client that knows nothing. */
    public static final ClientNetwork NONE = new ClientNetwork(UNKNOWN, UNKNOWN);

    private static final double MILLIS_PER_SECOND = 1_000;

    public ClientNetwork {
        availableSendBps = availableSendBps < 0 ? UNKNOWN : availableSendBps;
        rttMillis = rttMillis < 0 ? UNKNOWN : rttMillis;
    }

    /**
     * Returns the report with the numbers of the client's message. Numbers that make no sense are unknown.
     *
     * @param availableSend bit/s; NaN if absent
     * @param rttSeconds seconds; NaN if absent
     */
    public static ClientNetwork of(double availableSend, double rttSeconds) {
        return new ClientNetwork(
                availableSend > 0 ? (long) availableSend : UNKNOWN,
                rttSeconds >= 0
                        ? (int) Math.round(Math.min(Integer.MAX_VALUE, rttSeconds * MILLIS_PER_SECOND))
                        : UNKNOWN);
    }
}
