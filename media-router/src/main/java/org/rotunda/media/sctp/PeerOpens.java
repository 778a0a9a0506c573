package org.rotunda.media.sctp;

/**
 * The budget of a client for opening data channels. Every opened channel causes work: the room's links between
 * publications and subscriptions are renewed, and the state for a move is reported. Owned by one event loop.
 *
 * <p>Only a DTLS server keeps this budget, and the router is always the DTLS server. The number of channels that a
 * router opens to a client is bounded by the tracks of the room.
 */
final class PeerOpens {
    /**
     * The maximum number of open channels that one client has opened, and also the largest budget. Each data track
     * takes one channel. A group room has at most 170 tracks of all kinds.
     */
    static final int CHANNELS_MAX = 192;

    /** The time after which the budget grows by one channel, up to {@link #CHANNELS_MAX}. */
    static final long REFILL_NANOS = 100_000_000L;

    private int left = CHANNELS_MAX;
    private long refilledNanos;
    private boolean started;

    /** Takes one channel from the budget. Returns false if the budget is empty. */
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
