package org.rotunda.media.transport;

import org.rotunda.media.time.Deadline;

/**
 * Decides when a transport reports its handover to the room because of changes that the client can cause at any rate: new
 * SSRCs and changed data channels. A report contains all changes so far, so a report for any other reason makes a due
 * report unnecessary. Owned by one event loop.
 */
final class HandoverPacing {
    /**
     * The shortest time between two handover reports for changed data channels. A report lists every channel, so with a
     * report for each change a client could cause work without bound.
     */
    static final long CHANNELS_NANOS = 100_000_000L;

    /**
     * The shortest time between two handover reports about SSRCs that became known from packets. A report contains our
     * whole last answer, and a client can send packets with new SSRCs at any rate.
     */
    static final long BINDINGS_NANOS = 1_000_000_000L;

    private long bindingsDueNanos = Deadline.NO_DEADLINE; // The time of the next report for new SSRCs.
    private long bindingsReportedNanos = Long.MIN_VALUE / 2;
    private boolean channelsChanged; // True if channels have changed since the last report.
    private long channelsFromNanos; // The earliest time of the next report for channels.

    HandoverPacing(long nowNanos) {
        channelsFromNanos = nowNanos;
    }

    /** Notes that an SSRC became known from packets. */
    void onBound(long nowNanos) {
        if (bindingsDueNanos == Deadline.NO_DEADLINE) {
            bindingsDueNanos = Math.max(nowNanos, bindingsReportedNanos + BINDINGS_NANOS);
        }
    }

    /** Notes that a data channel was opened or closed. */
    void onChannelsChanged() {
        channelsChanged = true;
    }

    /** Returns whether a report is due. The caller must then report the handover, and call {@link #onReported}. */
    boolean takeDue(long nowNanos) {
        if (nowNanos >= bindingsDueNanos) {
            bindingsReportedNanos = nowNanos;
            return true;
        }
        if (channelsChanged && nowNanos >= channelsFromNanos) {
            channelsFromNanos = nowNanos + CHANNELS_NANOS;
            return true;
        }
        return false;
    }

    /** Notes that the handover was reported, for any reason. */
    void onReported() {
        bindingsDueNanos = Deadline.NO_DEADLINE;
        channelsChanged = false;
    }

    long nextDeadlineNanos() {
        return Deadline.min(bindingsDueNanos, channelsChanged ? channelsFromNanos : Deadline.NO_DEADLINE);
    }
}
