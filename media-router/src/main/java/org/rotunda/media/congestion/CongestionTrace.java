package org.rotunda.media.congestion;

import org.rotunda.media.rtcp.RtcpCompound;

/**
 * Receives every input of a {@link DownlinkController}, in order, before the controller handles it. A controller that is
 * fed the same inputs gives the same estimates, bit for bit. Called on the loop of the controller; arguments are
 * borrowed for the call.
 */
public interface CongestionTrace {
    void onSent(int transportSequence, int sizeBytes, boolean padding, long nowNanos);

    void onFeedback(RtcpCompound packet, long nowNanos);

    void onRemb(long bps, long nowNanos);

    void onRtt(long rttNanos, long nowNanos);

    void onLossReport(long expected, long lost, long nowNanos);

    void onRouteChanged(long nowNanos);

    void onDemand(long desiredBps, long nextBps, long capBps, long nowNanos);

    void onProbeCancelled(long nowNanos);

    /** Called after {@code onTimeout} was handled, with the estimate that it left. */
    void onTimeout(long estimateBps, long nowNanos);
}
