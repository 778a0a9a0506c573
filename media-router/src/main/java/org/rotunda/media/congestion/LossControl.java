package org.rotunda.media.congestion;

/**
 * The loss-based half of the controller, version 2 (libwebrtc, {@code LossBasedBweV2}): among a few candidates it takes
 * the bandwidth that explains the observed losses best, so that random loss does not lower the rate while loss by
 * overload does. Owned by one event loop.
 */
final class LossControl {
    /** What limits the estimate. */
    enum State {
        /** Loss does not limit; the estimate is that of the delay. */
        DELAY,
        /** Loss limits, and the estimate grows again. */
        INCREASING,
        /** Loss limits, and the estimate falls or holds. */
        DECREASING
    }

    static final int OBSERVATIONS_MIN = 3;
    static final long OBSERVATION_NANOS = 250_000_000;
    static final double[] CANDIDATES = {1.02, 1.0, 0.95};
    static final double UPPER_OFFSET = 0.05;
    static final double UPPER_BALANCE_BPS = 100_000;
    static final double RAMP_UP = 1.5;
    static final double RAMP_UP_IN_HOLD = 1.2;
    static final double HOLD_MARGIN = 1.3;
    static final double INCREASE_MAX = 1.3;
    static final long INCREASE_NANOS = 300_000_000;

    /**
     * The average loss at which a hold ends early. Each decrease doubles the hold of libwebrtc, and after a bad moment
     * it kept the rate down for a minute in which nothing was lost.
     */
    static final double CLEAN_LOSS = 0.005;

    static final long HOLD_NANOS_START = 300_000_000;
    static final long HOLD_NANOS_MAX = 60_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final LossModel model = new LossModel();
    private final double minBps;
    private final double maxBps;
    private State state = State.DELAY;
    private double bps;
    private double inherentLoss = LossModel.INHERENT_START;
    private double resultBps;
    private double sentBytes; // Of the observation that is not complete.
    private double lostBytes;
    private long observedUntil = NEVER; // The last departure of the last whole observation.
    private long newestSent = NEVER;
    private double windowLimitBps = Double.POSITIVE_INFINITY;
    private long windowNanos = NEVER;
    private long holdUntil = NEVER;
    private long holdNanos = HOLD_NANOS_START;
    private double holdBps = Double.POSITIVE_INFINITY;

    LossControl(double startBps, double minBps, double maxBps) {
        this.minBps = minBps;
        this.maxBps = maxBps;
        bps = startBps;
        resultBps = startBps;
    }

    /**
     * Handles a feedback message.
     *
     * @param oldestSentNanos the earliest departure among the packets received
     * @param newestSentNanos the latest departure among them
     * @param delayBps the estimate of {@link DelayControl}: an upper bound
     */
    void onFeedback(
            double receivedBytes,
            double newlyLostBytes,
            double recoveredBytes,
            long oldestSentNanos,
            long newestSentNanos,
            double acknowledgedBps,
            double delayBps,
            boolean applicationLimited) {
        sentBytes = Math.max(0, sentBytes + receivedBytes - recoveredBytes + newlyLostBytes);
        lostBytes = Math.max(0, lostBytes + newlyLostBytes - recoveredBytes);
        if (observedUntil == NEVER) {
            observedUntil = oldestSentNanos;
        }
        newestSent = Math.max(newestSent, newestSentNanos);
        long nanos = newestSent - observedUntil;
        if (nanos < OBSERVATION_NANOS) {
            return;
        }
        if (model.observations() < OBSERVATIONS_MIN) {
            bps = Math.max(bps, delayBps); // Nothing speaks against the rate that the first probes showed.
        }
        model.observe(sentBytes, lostBytes, nanos / 1e9);
        observedUntil = newestSent;
        sentBytes = 0;
        lostBytes = 0;
        estimate(acknowledgedBps, delayBps, applicationLimited);
    }

    /**
     * Handles a rate that a probe has shown. While loss does not limit, or is over, nothing speaks against it: at a
     * constant random loss the model by itself would not allow more for a long time.
     */
    void onProbe(double probedBps) {
        if (state() == State.DELAY || isClean()) {
            bps = Math.max(bps, probedBps);
        }
    }

    /** Returns the upper bound by loss; at most the estimate of the delay. */
    double limitedBps(double delayBps) {
        if (model.observations() < OBSERVATIONS_MIN || state == State.DELAY) {
            return delayBps;
        }
        return Math.min(resultBps, delayBps);
    }

    State state() {
        return model.observations() < OBSERVATIONS_MIN ? State.DELAY : state;
    }

    /** Returns the average loss, without the best and the worst observation. */
    double averageLoss() {
        return model.averageLoss();
    }

    double inherentLoss() {
        return inherentLoss;
    }

    /** Begins anew at a rate: the path has changed, or the estimate was set from outside. */
    void reset(double newBps) {
        model.reset();
        state = State.DELAY;
        bps = newBps;
        resultBps = newBps;
        inherentLoss = LossModel.INHERENT_START;
        sentBytes = 0;
        lostBytes = 0;
        observedUntil = NEVER;
        newestSent = NEVER;
        windowNanos = NEVER;
        windowLimitBps = Double.POSITIVE_INFINITY;
        clearHold();
    }

    private void estimate(double acknowledgedBps, double delayBps, boolean applicationLimited) {
        double before = bps;
        double bestBps = before;
        double bestLoss = inherentLoss;
        double best = Double.NEGATIVE_INFINITY;
        double most = Math.max(before, isLimited() ? windowLimitBps : maxBps);
        int candidates = CANDIDATES.length + 2;
        for (int i = 0; i < candidates; i++) {
            double candidate = candidate(i, acknowledgedBps, delayBps, applicationLimited);
            if (candidate <= 0) {
                continue;
            }
            double candidateBps = Math.min(candidate, most);
            double candidateLoss = model.fit(candidateBps, inherentLoss);
            double objective = model.objective(candidateBps, candidateLoss);
            if (objective > best) {
                best = objective;
                bestBps = candidateBps;
                bestLoss = candidateLoss;
            }
        }
        if (model.averageLoss() > bestLoss && bestBps > before) {
            bestBps = before; // More would lose more.
        }
        if (isLimited()) {
            bestBps = limitIncrease(bestBps, acknowledgedBps);
        }
        double bounded = Math.max(acknowledgedBps, Math.min(bestBps, upperBps()));
        bounded = Math.max(minBps, Math.min(delayBps, bounded));
        // libwebrtc also sets the inherent loss to 0 here. With random loss that made every later decision take the
        // loss for overload: at 2 % the rate fell to half of the capacity within 15 s. For the same reason a bound by
        // the delay counts only when no observation is left of the higher rates that were sent before it.
        double known = bounded < delayBps ? bounded : Math.max(bounded, model.highestBps());
        bps = Math.min(bestBps, known);
        inherentLoss = bestLoss;
        settle(bounded, delayBps);
    }

    private double candidate(int index, double acknowledgedBps, double delayBps, boolean applicationLimited) {
        if (index < CANDIDATES.length) {
            return bps * CANDIDATES[index];
        }
        if (index == CANDIDATES.length) {
            return applicationLimited ? 0 : acknowledgedBps;
        }
        return delayBps > bps ? delayBps : 0;
    }

    private double limitIncrease(double bestBps, double acknowledgedBps) {
        double limited = bestBps;
        if (windowNanos != NEVER && newestSent < windowNanos + INCREASE_NANOS) {
            limited = Math.min(limited, Math.max(bps, windowLimitBps));
        }
        if (acknowledgedBps > 0 && limited >= bps) {
            double factor = acknowledgedBps < HOLD_MARGIN * holdBps ? RAMP_UP_IN_HOLD : RAMP_UP;
            limited = Math.max(bps, Math.min(limited, factor * acknowledgedBps));
        }
        return limited;
    }

    /** Decides the state, and with it what the others are told. */
    private void settle(double bounded, double delayBps) {
        boolean limits = bounded < delayBps && bounded < maxBps;
        if (!limits) {
            state = State.DELAY;
            resultBps = bounded;
            clearHold();
            return;
        }
        if (state == State.DECREASING && newestSent < holdUntil && !isClean()) {
            resultBps = Math.min(holdBps, bounded);
            return;
        }
        // A source of layers may send too little to let the rate grow. Without loss only a probe can show more, and no
        // probe is sent while the state is DECREASING.
        boolean mayGrow = state == State.INCREASING || isClean();
        boolean grows = isLimited() && (bounded > resultBps || (mayGrow && bounded == resultBps));
        if (grows) {
            state = State.INCREASING;
        } else if (state != State.DECREASING) {
            holdUntil = newestSent + holdNanos;
            holdNanos = Math.min(HOLD_NANOS_MAX, holdNanos * 2);
            holdBps = bounded;
            state = State.DECREASING;
        }
        resultBps = bounded;
        if (windowNanos == NEVER || newestSent >= windowNanos + INCREASE_NANOS) {
            windowNanos = newestSent;
            windowLimitBps = Math.max(minBps, bps * INCREASE_MAX);
        }
    }

    /** Returns the highest bandwidth that the average loss allows at once, whatever the model says. */
    private double upperBps() {
        double excess = model.averageLoss() - UPPER_OFFSET;
        return excess <= 0 ? maxBps : Math.min(maxBps, UPPER_BALANCE_BPS / excess);
    }

    /** Returns whether hardly anything was lost in the last seconds. */
    private boolean isClean() {
        return model.averageLoss() <= CLEAN_LOSS;
    }

    private boolean isLimited() {
        return state != State.DELAY;
    }

    private void clearHold() {
        holdUntil = NEVER;
        holdNanos = HOLD_NANOS_START;
        holdBps = Double.POSITIVE_INFINITY;
    }
}
