package org.rotunda.media.congestion;

/**
 * The estimate for clients without transport-wide feedback: the loss-based controller of draft-ietf-rmcat-gcc-02 §6, as
 * libwebrtc's {@code SendSideBandwidthEstimation} has it, on receiver reports. The receiver's own estimate (REMB) is
 * applied by the caller. Owned by one event loop.
 */
final class ReportControl {
    /** The number of packets that one decision needs. */
    static final int PACKETS_MIN = 20;

    static final double LOSS_LOW = 0.02;
    static final double LOSS_HIGH = 0.1;
    static final double INCREASE_PER_SECOND = 1.08;
    static final double INCREASE_BPS = 1_000;
    static final long DECREASE_NANOS = 300_000_000;

    /** Without a receiver's estimate, growth ends at this multiple of what was sent: more was never tried. */
    static final double SENT_CEILING = 1.5;

    private final double minBps;
    private final double maxBps;
    private double bps;
    private long expected;
    private long lost;
    private double lossRatio;
    private boolean lowered; // Loss has lowered the rate, so the receiver's estimate alone no longer raises it.
    private long increasedNanos;
    private long decreasedNanos;

    ReportControl(double startBps, double minBps, double maxBps, long nowNanos) {
        this.minBps = minBps;
        this.maxBps = maxBps;
        bps = startBps;
        increasedNanos = nowNanos;
        decreasedNanos = nowNanos - DECREASE_NANOS;
    }

    /**
     * Handles report blocks.
     *
     * @param sentBps the rate of what was sent in the last second
     */
    void onReport(long newlyExpected, long newlyLost, double sentBps, long rttNanos, long nowNanos) {
        expected += newlyExpected;
        lost += newlyLost;
        if (expected < PACKETS_MIN) {
            return;
        }
        lossRatio = Math.min(1, (double) lost / expected);
        expected = 0;
        lost = 0;
        if (lossRatio <= LOSS_LOW) {
            double seconds = Math.min(1, (nowNanos - increasedNanos) / 1e9);
            double ceiling = Math.max(bps, SENT_CEILING * sentBps);
            double grown = bps * StrictMath.pow(INCREASE_PER_SECOND, seconds) + INCREASE_BPS * seconds;
            bps = Math.min(maxBps, Math.min(ceiling, grown));
        } else if (lossRatio > LOSS_HIGH && nowNanos - decreasedNanos >= DECREASE_NANOS + rttNanos) {
            bps = Math.max(minBps, bps * (1 - lossRatio / 2));
            decreasedNanos = nowNanos;
            lowered = true;
        }
        increasedNanos = nowNanos;
    }

    /**
     * Handles the receiver's own estimate. At the start it is taken at once, because growth by loss alone would need half
     * a minute; later it is only the upper bound that the caller applies.
     */
    void onReceiverEstimate(double receiverBps) {
        if (!lowered) {
            bps = Math.max(bps, Math.min(maxBps, receiverBps));
        }
    }

    /** Begins anew at a rate. */
    void reset(double newBps) {
        bps = Math.max(minBps, Math.min(maxBps, newBps));
        expected = 0;
        lost = 0;
        lowered = false;
    }

    double bps() {
        return bps;
    }

    double loss() {
        return lossRatio;
    }
}
