package org.rotunda.media.forward;

/**
 * Maps RTP timestamps of changing sources to one egress timeline that only moves forward. Within a source the difference
 * is constant; {@link #rebase} chooses it anew.
 */
final class TimestampRewriter {
    /** A sender report that disagrees this much with the arrival of the packets is not believed. */
    static final int REPORT_ERROR_MAX_MS = 3_000;

    /** The same after a pause: old reports have drifted, and nobody sees a step there. */
    static final int REPORT_ERROR_AFTER_PAUSE_MAX_MS = 200;

    /** A source further behind than this would jerk; its next key frame may be better. */
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
     * @param isReportKnown whether {@code byReport} means anything
     * @param byReport where sender reports place the packet on the egress timeline
     * @param isLive whether the old source flowed until now, rather than a pause ending
     * @param isForced take it even if it lies far behind
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

    /** Where the egress timeline stands by arrival time. */
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
