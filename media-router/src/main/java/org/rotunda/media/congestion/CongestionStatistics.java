package org.rotunda.media.congestion;

/** The counters of one {@link DownlinkController}. They only rise. Owned by the loop of the controller. */
public final class CongestionStatistics {
    long feedbacks;
    long feedbacksLost;
    long feedbacksIgnored;
    long acknowledgedPackets;
    long lostPackets;
    long overuses;
    long probes;
    long probesUseful;
    long probesAborted;
    long backOffs;

    CongestionStatistics() {}

    /** Returns the number of feedback messages handled. */
    public long feedbacks() {
        return feedbacks;
    }

    /** Returns the number of feedback messages that never came, told by gaps in their counter. */
    public long feedbacksLost() {
        return feedbacksLost;
    }

    /** Returns the number of feedback messages that told nothing new. */
    public long feedbacksIgnored() {
        return feedbacksIgnored;
    }

    public long acknowledgedPackets() {
        return acknowledgedPackets;
    }

    /** Returns the number of packets reported as lost and not corrected later. */
    public long lostPackets() {
        return lostPackets;
    }

    /** Returns how often the delay began to rise. */
    public long overuses() {
        return overuses;
    }

    /** Returns the number of probes begun. */
    public long probes() {
        return probes;
    }

    /** Returns the number of probes whose result raised the estimate. */
    public long probesUseful() {
        return probesUseful;
    }

    /** Returns the number of probes given up because of overuse, loss, or nothing to send. */
    public long probesAborted() {
        return probesAborted;
    }

    /** Returns how often the estimate was lowered because feedback was missing or the round trip was too long. */
    public long backOffs() {
        return backOffs;
    }
}
