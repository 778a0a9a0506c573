package org.rotunda.media.forward;

/**
 * Maps RTP timestamps of changing sources to one egress timeline that only moves forward. Within a source the
 * difference is constant; {@link #rebase} chooses it anew.
 */
final class TimestampRewriter {
    /** The largest disagreement between a sender report and the arrival of packets at which the report is believed. */
    static final int REPORT_ERROR_MAX_MS = 3_000;

    /** The same after a pause, when old reports have drifted and no viewer sees a step. */
    static final int REPORT_ERROR_AFTER_PAUSE_MAX_MS = 200;

    /**
     * The most that a source may lie behind: beyond it the picture would jerk, and the next key frame may be better.
     */
    static final int BEHIND_MAX_MS = 50;

    private static final int STEP_MIN_MS = 1;

    private boolean started;
    private int offset; // Ingress minus egress.
    private int last; // The newest egress timestamp.
    private long lastArrivalNanos;

    TimestampRewriter(int initialTimestamp) {
        last = initialTimestamp;
    }

    int forward(int ingress, long nowNanos) {
        int egress = ingress - offset;
        if (egress - last > 0) {
            last = egress;
            lastArrivalNanos = nowNanos;
        }
        return egress;
    }

    /**
     * Begins a new source.
     *
     * @param isReportKnown true if {@code byReport} is known
     * @param byReport the packet's place on the egress timeline by sender reports
     * @param isLive true if the old source flowed until now, false if a pause ends
     * @param isForced true to take the packet even if it lies far behind
     * @return false if it lies so far behind that a later key frame should be awaited; nothing has changed then
     */
    boolean rebase(
            int ingress,
            long nowNanos,
            int clockRateHz,
            boolean isReportKnown,
            int byReport,
            boolean isLive,
            boolean isForced) {
        if (!started) {
            started = true;
            offset = ingress - last;
            lastArrivalNanos = nowNanos;
            return true;
        }
        int perMs = clockRateHz / 1_000;
        int byArrival = at(nowNanos, clockRateHz);
        int errorMaxMs = isLive ? REPORT_ERROR_MAX_MS : REPORT_ERROR_AFTER_PAUSE_MAX_MS;
        int error = byReport - byArrival;
        boolean isReportBelieved = isReportKnown && Math.abs((long) error) <= (long) errorMaxMs * perMs;
        int egress = isReportBelieved ? byReport : byArrival;
        if (egress - last < STEP_MIN_MS * perMs) {
            if (isReportBelieved && egress - last < -BEHIND_MAX_MS * perMs && !isForced) {
                return false;
            }
            egress = last + STEP_MIN_MS * perMs;
        }
        offset = ingress - egress;
        return true;
    }

    /** The place of the egress timeline at that time, by arrival times. */
    int at(long nowNanos, int clockRateHz) {
        return last + (int) ((nowNanos - lastArrivalNanos) / 1_000 * clockRateHz / 1_000_000);
    }

    /** Ingress minus egress timestamp of the current source. */
    int offset() {
        return offset;
    }

    int last() {
        return last;
    }
}
