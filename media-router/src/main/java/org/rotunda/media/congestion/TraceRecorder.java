package org.rotunda.media.congestion;

import org.rotunda.media.rtcp.RtcpCompound;

/**
 * Writes a {@link CongestionTrace} as text, one line per event, at most so many characters. a replay of the trace reads
 * it. Owned by the loop of the controller until recording has ended.
 */
public final class TraceRecorder implements CongestionTrace {
    public TraceRecorder(int charactersMax) {}

    @Override
    public void onSent(int transportSequence, int sizeBytes, boolean padding, long nowNanos) {}

    @Override
    public void onFeedback(RtcpCompound packet, long nowNanos) {}

    @Override
    public void onRemb(long bps, long nowNanos) {}

    @Override
    public void onRtt(long rttNanos, long nowNanos) {}

    @Override
    public void onLossReport(long expected, long lost, long nowNanos) {}

    @Override
    public void onRouteChanged(long nowNanos) {}

    @Override
    public void onDemand(long desiredBps, long nextBps, long capBps, long nowNanos) {}

    @Override
    public void onProbeCancelled(long nowNanos) {}

    @Override
    public void onTimeout(long estimateBps, long nowNanos) {}
}
