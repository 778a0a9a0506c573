package org.rotunda.media.sctp;

/**
 * The budget of a client for opening data channels. Every opened channel costs the room work: its links are made anew
 * and its state for a move is reported. Owned by one event loop.
 *
 * <p>Only the DTLS server, which is the router, keeps this budget. The channels that a router opens to a client are
 * bounded by the tracks of the room.
 */
final class PeerOpens {
    /**
     * The most channels of a client at once. A data track takes one channel, and a group room has at most 170 tracks of
     * all kinds.
     */
    static final int CHANNELS_MAX = 192;

    /** The time in which one more channel may be opened, after a burst of {@link #CHANNELS_MAX}. */
    static final long REFILL_NANOS = 100_000_000L;

    private int left = CHANNELS_MAX;
    private long refilledNanos;
    private boolean started;

    /** Takes one channel from the budget. Returns false if nothing is left. */
    boolean take(long nowNanos) {
        if (!started) {
            started = true;
            refilledNanos = nowNanos;
        }
        long refills = (nowNanos - refilledNanos) / REFILL_NANOS;
        if (refills > 0) {
            left = (int) Math.min(CHANNELS_MAX, left + refills);
            refilledNanos += refills * REFILL_NANOS;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
