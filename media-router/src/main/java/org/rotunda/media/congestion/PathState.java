package org.rotunda.media.congestion;

/**
 * What the other machines know about the path when the {@link ProbeController} decides. Filled in by the {@link
 * DownlinkController}; reused. Owned by one event loop.
 */
final class PathState {
    double estimateBps;
    double loss;
    double queueNanos;
    boolean normal;
    boolean lossLimited;
    boolean lossIncreasing;
    boolean applicationLimited;
    boolean recentlyApplicationLimited;
    boolean feedbackBad;
    boolean sampled;
}
