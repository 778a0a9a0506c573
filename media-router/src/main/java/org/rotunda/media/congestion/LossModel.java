package org.rotunda.media.congestion;

/**
 * The likelihood of a channel that has a bandwidth and an inherent loss, given what was sent and lost (libwebrtc, {@code
 * LossBasedBweV2}). The last {@link #WINDOW} observations count, newer ones more. Losses are weighed by bytes. Owned by
 * one event loop.
 */
final class LossModel {
    static final int WINDOW = 15;
    static final double AGE_WEIGHT = 0.9;
    static final double INHERENT_START = 0.01;
    static final double INHERENT_MIN = 0.001;
    static final double INHERENT_OFFSET = 0.05;
    static final double INHERENT_BALANCE_BPS = 100_000;
    static final double NEWTON_STEP = 0.75;
    static final double BIAS_LINEAR = 0.0002;
    static final double BIAS_LOG = 0.02;

    /** The average loss above which higher bandwidths are no longer preferred. */
    static final double BIAS_LOSS_MAX = 0.2;

    static final double BIAS_SMOOTHING = 0.002;
    private static final double PROBABILITY_MIN = 1e-6;

    private final double[] sentKilobytes = new double[WINDOW];
    private final double[] lostKilobytes = new double[WINDOW];
    private final double[] rates = new double[WINDOW];
    private final double[] weights = new double[WINDOW];
    private long observations;
    private double averageLoss;

    LossModel() {
        double weight = 1;
        for (int i = 0; i < WINDOW; i++) {
            weights[i] = weight;
            weight *= AGE_WEIGHT;
        }
    }

    /** Adds what one stretch of time showed. */
    void observe(double sentBytes, double lostBytes, double seconds) {
        int slot = (int) (observations % WINDOW);
        sentKilobytes[slot] = sentBytes / 1e3;
        lostKilobytes[slot] = Math.min(lostBytes, sentBytes) / 1e3;
        rates[slot] = sentBytes * 8 / seconds;
        observations++;
        averageLoss = average();
    }

    long observations() {
        return observations;
    }

    /** Returns the loss of all observations but the best and the worst. */
    double averageLoss() {
        return averageLoss;
    }

    /** Returns the highest rate that was sent during an observation. */
    double highestBps() {
        double highest = 0;
        for (int i = 0; i < size(); i++) {
            highest = Math.max(highest, rates[i]);
        }
        return highest;
    }

    void reset() {
        observations = 0;
        averageLoss = 0;
    }

    /** Returns the inherent loss that fits a bandwidth best: one step of Newton's method from the given one. */
    double fit(double bps, double inherentLoss) {
        double start = feasible(bps, inherentLoss);
        double firstDerivative = 0;
        double secondDerivative = 0;
        for (int i = 0; i < size(); i++) {
            double probability = probability(bps, start, rates[i]);
            double lost = lostKilobytes[i];
            double kept = sentKilobytes[i] - lost;
            double weight = weight(i);
            firstDerivative += weight * (lost / probability - kept / (1 - probability));
            secondDerivative -=
                    weight * (lost / (probability * probability) + kept / ((1 - probability) * (1 - probability)));
        }
        if (secondDerivative >= 0) {
            return start;
        }
        return feasible(bps, start - NEWTON_STEP * firstDerivative / secondDerivative);
    }

    /** Returns how well a channel explains the observations, plus a preference for bandwidth. */
    double objective(double bps, double inherentLoss) {
        double bias = bias(BIAS_LINEAR) * bps / 1e3 + bias(BIAS_LOG) * StrictMath.log(1 + bps / 1e3);
        double objective = 0;
        for (int i = 0; i < size(); i++) {
            double probability = probability(bps, inherentLoss, rates[i]);
            double lost = lostKilobytes[i];
            double kept = sentKilobytes[i] - lost;
            objective += weight(i)
                    * (lost * StrictMath.log(probability)
                            + kept * StrictMath.log(1 - probability)
                            + bias * sentKilobytes[i]);
        }
        return objective;
    }

    static double feasible(double bps, double inherentLoss) {
        double most = Math.min(1, INHERENT_OFFSET + INHERENT_BALANCE_BPS / Math.max(bps, 1));
        return Math.max(INHERENT_MIN, Math.min(most, inherentLoss));
    }

    private double bias(double factor) {
        double margin = BIAS_LOSS_MAX - averageLoss;
        return factor * margin / (BIAS_SMOOTHING + Math.abs(margin));
    }

    private static double probability(double bps, double inherentLoss, double sentBps) {
        double probability = inherentLoss;
        if (sentBps > bps) {
            probability += (1 - inherentLoss) * (sentBps - bps) / sentBps;
        }
        return Math.max(PROBABILITY_MIN, Math.min(1 - PROBABILITY_MIN, probability));
    }

    private double average() {
        double sent = 0;
        double lost = 0;
        int best = -1;
        int worst = -1;
        for (int i = 0; i < size(); i++) {
            if (sentKilobytes[i] <= 0) {
                continue;
            }
            double loss = lostKilobytes[i] / sentKilobytes[i];
            best = best < 0 || loss < lostKilobytes[best] / sentKilobytes[best] ? i : best;
            worst = worst < 0 || loss > lostKilobytes[worst] / sentKilobytes[worst] ? i : worst;
            sent += weight(i) * sentKilobytes[i];
            lost += weight(i) * lostKilobytes[i];
        }
        if (observations >= LossControl.OBSERVATIONS_MIN && best != worst) {
            sent -= weight(best) * sentKilobytes[best] + weight(worst) * sentKilobytes[worst];
            lost -= weight(best) * lostKilobytes[best] + weight(worst) * lostKilobytes[worst];
        }
        return sent <= 0 ? 0 : Math.max(0, Math.min(1, lost / sent));
    }

    private int size() {
        return (int) Math.min(WINDOW, observations);
    }

    private double weight(int slot) {
        long newest = observations - 1;
        int age = (int) ((newest - slot) % WINDOW);
        return weights[age];
    }
}
