package org.rotunda.media.congestion;

import org.rotunda.media.congestion.OveruseDetector.Usage;

/**
 * The delay-based rate: additive or multiplicative increase, multiplicative decrease (libwebrtc, {@code
 * AimdRateControl}; draft-ietf-rmcat-gcc-02 §5.5). Owned by one event loop.
 *
 * <p>A departure: while the subscriber is sent much less than the estimate, overuse lowers the rate by a share of itself
 * and not to the acknowledged rate. Otherwise one false alarm would lower the estimate to the rate of audio while all
 * video is off.
 */
final class RateControl {
    static final double DECREASE = 0.85;
    static final double DECREASE_BPS = 5_000;
    static final double INCREASE_PER_SECOND = 1.08;
    static final double INCREASE_BPS_MIN = 1_000;
    static final double CEILING = 1.5;
    static final double CEILING_BPS = 10_000;
    static final double ADDITIVE_BPS_MIN = 4_000;
    static final double FRAMES_PER_SECOND = 30;
    static final double PACKET_BITS = 1_200 * 8;
    static final long RESPONSE_NANOS = 100_000_000;
    static final long RTT_START_NANOS = 200_000_000;
    static final long REDUCE_NANOS_MIN = 10_000_000;
    static final long REDUCE_NANOS_MAX = 200_000_000;

    /** The share of the estimate below which a sent rate says nothing about the capacity. */
    static final double IDLE_SHARE = 0.3;

    static final long IDLE_REDUCE_NANOS = 1_000_000_000;
    static final double PERIOD_SECONDS_MIN = 2;
    static final double PERIOD_SECONDS_MAX = 50;
    static final double PERIOD_SECONDS_START = 3;

    private final LinkCapacity capacity = new LinkCapacity();
    private final double minBps;
    private final double maxBps;
    private double bps;
    private boolean increasing;
    private long changedNanos;
    private long rttNanos = RTT_START_NANOS;
    private double lastDecreaseBps = -1; // -1 if there was none.

    RateControl(double startBps, double minBps, double maxBps, long nowNanos) {
        this.minBps = minBps;
        this.maxBps = maxBps;
        bps = startBps;
        changedNanos = nowNanos;
    }

    /**
     * Handles the state of the delay after a feedback message.
     *
     * @param acknowledgedBps the acknowledged rate, or 0 if it is unknown
     * @param sentBps the rate that is sent, or was sent a second ago
     * @param applicationLimited true if less is sent than the estimate allows, so that a higher one could not be seen
     * @return true if the rate was lowered
     */
    boolean onUsage(Usage usage, double acknowledgedBps, double sentBps, boolean applicationLimited, long nowNanos) {
        switch (usage) {
            case OVERUSE -> {
                // A rate that falls because the capacity collapses is low where it arrives, and not where it is sent.
                boolean idle = applicationLimited && sentBps < IDLE_SHARE * bps;
                if (mayReduce(acknowledgedBps, idle, nowNanos)) {
                    decrease(acknowledgedBps, idle, nowNanos);
                    return true;
                }
            }
            case UNDERUSE -> increasing = false; // The queue drains. Hold until it has.
            case NORMAL -> {
                if (!increasing) {
                    increasing = true;
                    changedNanos = nowNanos;
                }
                increase(acknowledgedBps, applicationLimited, nowNanos);
            }
        }
        return false;
    }

    /** Keeps the rate for now. */
    void hold(long nowNanos) {
        increasing = false;
        changedNanos = nowNanos;
    }

    /** Sets the rate, for example to the result of a probe. */
    void set(double newBps, long nowNanos) {
        bps = clamp(newBps);
        changedNanos = nowNanos;
        if (bps > capacity.upperBps()) {
            capacity.reset();
        }
    }

    /** Begins anew at a rate, on another path. */
    void restart(double newBps, long nowNanos) {
        capacity.reset();
        lastDecreaseBps = -1;
        increasing = false;
        set(newBps, nowNanos);
    }

    void onRtt(long nanos) {
        rttNanos = nanos;
    }

    double bps() {
        return bps;
    }

    LinkCapacity capacity() {
        return capacity;
    }

    /** Returns how fast the rate grows near the capacity, in bit/s per second: one packet in two response times. */
    double additiveBpsPerSecond() {
        double frameBits = bps / FRAMES_PER_SECOND;
        double packetBits = frameBits / Math.ceil(frameBits / PACKET_BITS);
        double responseSeconds = 2 * (rttNanos + RESPONSE_NANOS) / 1e9;
        return Math.max(ADDITIVE_BPS_MIN, packetBits / responseSeconds);
    }

    /** Returns how long the rate needs to be where it was before the last decrease. */
    double expectedPeriodSeconds() {
        if (lastDecreaseBps < 0) {
            return PERIOD_SECONDS_START;
        }
        double seconds = lastDecreaseBps / additiveBpsPerSecond();
        return Math.max(PERIOD_SECONDS_MIN, Math.min(PERIOD_SECONDS_MAX, seconds));
    }

    private boolean mayReduce(double acknowledgedBps, boolean idle, long nowNanos) {
        long since = nowNanos - changedNanos;
        if (idle) {
            return since >= IDLE_REDUCE_NANOS;
        }
        return since >= Math.max(REDUCE_NANOS_MIN, Math.min(REDUCE_NANOS_MAX, rttNanos))
                || (acknowledgedBps > 0 && acknowledgedBps < bps / 2);
    }

    private void decrease(double acknowledgedBps, boolean idle, long nowNanos) {
        double decreased;
        if (acknowledgedBps <= 0) {
            decreased = bps / 2;
        } else if (idle) {
            decreased = DECREASE * bps;
        } else {
            decreased = DECREASE * acknowledgedBps;
            if (decreased > DECREASE_BPS) {
                decreased -= DECREASE_BPS;
            }
            if (decreased > bps && capacity.isKnown()) {
                decreased = DECREASE * capacity.bps();
            }
            if (acknowledgedBps < capacity.lowerBps()) {
                capacity.reset();
            }
            capacity.onOveruse(acknowledgedBps);
        }
        double before = bps;
        bps = clamp(Math.min(bps, decreased));
        lastDecreaseBps = before - bps;
        increasing = false;
        changedNanos = nowNanos;
    }

    private void increase(double acknowledgedBps, boolean applicationLimited, long nowNanos) {
        if (acknowledgedBps > capacity.upperBps()) {
            capacity.reset();
        }
        double ceiling = applicationLimited ? bps : CEILING * acknowledgedBps + CEILING_BPS;
        double seconds = Math.min(1, (nowNanos - changedNanos) / 1e9);
        if (bps < ceiling) {
            double step = capacity.isKnown()
                    ? additiveBpsPerSecond() * seconds
                    : Math.max(INCREASE_BPS_MIN, bps * (StrictMath.pow(INCREASE_PER_SECOND, seconds) - 1));
            bps = clamp(Math.min(bps + step, ceiling));
        }
        changedNanos = nowNanos;
    }

    private double clamp(double rate) {
        return Math.max(minBps, Math.min(maxBps, rate));
    }
}
