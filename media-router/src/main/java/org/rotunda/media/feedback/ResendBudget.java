package org.rotunda.media.feedback;

/**
 * The bytes that resends to one client may still use. All subscriptions of the client share the budget, because all of
 * them share its network, and more resends would cause further loss. Owned by one event loop.
 */
public final class ResendBudget {
    /** The share of the estimated bit rate that resends may use. */
    public static final double SHARE = 0.2;

    /** The bit rate of resends while the network is not measured. */
    public static final long START_BPS = 500_000;

    /** The least bit rate of resends. With less, a lost packet of a narrow network could never be repaired. */
    public static final long MIN_BPS = 64_000;

    /** The budget that a burst of resends may use at once, in time at the full bit rate. */
    private static final double BURST_SECONDS = 0.5;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BITS = 8;

    private double bytesPerSecond;
    private double tokens;
    private boolean started;
    private long filledNanos;

    public ResendBudget() {
        bytesPerSecond = START_BPS / BITS;
        tokens = bytesPerSecond * BURST_SECONDS;
    }

    /** Sets the estimated bit rate of the network to the client. */
    public void setEstimate(long bps) {
        bytesPerSecond = Math.max(MIN_BPS, SHARE * bps) / BITS;
    }

    /** Returns whether another packet may be sent again. The budget may be overdrawn by one packet. */
    boolean isLeft(long nowNanos) {
        if (started) {
            double elapsedSeconds = (nowNanos - filledNanos) / NANOS_PER_SECOND;
            tokens = Math.min(bytesPerSecond * BURST_SECONDS, tokens + bytesPerSecond * elapsedSeconds);
        }
        started = true;
        filledNanos = nowNanos;
        return tokens > 0;
    }

    /** Charges a packet that was sent again. */
    void charge(int lengthBytes) {
        tokens -= lengthBytes;
    }
}
