package org.rotunda.media.congestion;

/**
 * What the other machines know about the path when the {@link ProbeController} decides. Filled in by the {@link
 * DownlinkController}; reused. Owned by one event loop.
 */
final class PathState {
    double estimateBps;
    double loss;
    double randomLoss; // The loss that does not come from the rate, with room for chance; 0 if the rate may cause it.
    double queueNanos;
    double jitterNanos;
    boolean normal;
    boolean lossLimited;
    boolean lossIncreasing;
    boolean recentlyApplicationLimited;
    boolean feedbackBad;
    boolean sampled;
}
