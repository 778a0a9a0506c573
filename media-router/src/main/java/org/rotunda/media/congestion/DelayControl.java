package org.rotunda.media.congestion;

import org.rotunda.media.congestion.OveruseDetector.Usage;

/**
 * The delay-based half of the controller: groups of packets, their trend, the threshold, the rate. Owned by one event
 * loop.
 */
final class DelayControl {
    /** A pause of the stream after which old delays tell nothing about new ones. */
    static final long PAUSE_NANOS = 2_000_000_000L;

    private final ArrivalGroups groups = new ArrivalGroups();
    private final TrendlineEstimator trendline = new TrendlineEstimator();
    private final OveruseDetector detector = new OveruseDetector();
    private final RateControl rate;
    private long lastFeedbackNanos;

    DelayControl(double startBps, double minBps, double maxBps, long nowNanos) {
        rate = new RateControl(startBps, minBps, maxBps, nowNanos);
        lastFeedbackNanos = nowNanos;
    }

    /** Handles the received packets of a feedback message. */
    void onPackets(FeedbackReader packets, long nowNanos) {
        if (nowNanos - lastFeedbackNanos > PAUSE_NANOS) {
            resetDelays();
        }
        lastFeedbackNanos = nowNanos;
        for (int i = 0; i < packets.received(); i++) {
            long arrival = packets.arrivalNanos(i);
            if (groups.onPacket(packets.sentNanos(i), arrival, nowNanos)) {
                trendline.onGroup(groups.sentDeltaNanos(), groups.arrivalDeltaNanos(), arrival);
                detector.onTrend(trendline, groups.sentDeltaNanos(), arrival);
            }
        }
    }

    /** Updates the rate after {@link #onPackets}. Returns true if it was lowered. */
    boolean update(double acknowledgedBps, double sentBps, boolean applicationLimited, long nowNanos) {
        return rate.onUsage(detector.usage(), acknowledgedBps, sentBps, applicationLimited, nowNanos);
    }

    /** Forgets all delays: the path has changed, or was silent. */
    void resetDelays() {
        groups.reset();
        trendline.reset();
        detector.reset();
    }

    Usage usage() {
        return detector.usage();
    }

    RateControl rate() {
        return rate;
    }
}
