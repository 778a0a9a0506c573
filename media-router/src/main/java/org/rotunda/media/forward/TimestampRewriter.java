package org.rotunda.media.forward;

/**
 * Maps the RTP timestamps of successive sources to one egress timeline. The offset between ingress and egress is
 * constant within a source. {@link #rebase} chooses the offset of a new source so that egress timestamps do not go
 * back.
 */
final class TimestampRewriter {
    /**
     * The largest accepted difference between the timestamp computed from sender reports and the timestamp computed
     * from arrival times. With a larger difference the reports are ignored.
     */
    static final int REPORT_ERROR_MAX_MS = 3_000;

    /**
     * Replaces {@link #REPORT_ERROR_MAX_MS} for a source that begins after a pause. The reports may then be old and
     * inexact, so they are ignored even at a smaller difference. A step in the timestamps does no harm then, because a
     * viewer does not see it after a pause.
     */
    static final int REPORT_ERROR_AFTER_PAUSE_MAX_MS = 200;

    /**
     * The longest time by which a new source may lie behind the egress timeline. With a longer time the picture would
     * jerk, so the next key frame is awaited.
     */
    static final int BEHIND_MAX_MS = 50;

    private static final int STEP_MIN_MS = 1;

    private boolean started;
    private int offset; // Ingress minus egress timestamp.
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
     * Begins a new source with one packet of it.
     *
     * @param ingress the packet's timestamp in the source
     * @param isReportKnown true if {@code byReport} is known
     * @param byReport the packet's egress timestamp, computed from sender reports
     * @param isLive true if a source was forwarded until now, false after a pause
     * @param isForced true to take the packet even if it lies far behind
     * @return false if the packet lies so far behind that a later key frame should be awaited; nothing has changed then
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

    /** Returns the egress timestamp at this time, computed from arrival times. */
    int at(long nowNanos, int clockRateHz) {
        return last + (int) ((nowNanos - lastArrivalNanos) / 1_000 * clockRateHz / 1_000_000);
    }

    /** The ingress minus the egress timestamp of the current source. */
    int offset() {
        return offset;
    }

    int last() {
        return last;
    }
}
