package org.rotunda.media.congestion;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.rotunda.media.rtcp.RtcpCompound;

/**
 * Writes a {@link CongestionTrace} as text that {@link TraceReplay} reads. It must be given to the controller before its
 * first input. Owned by the loop of the controller until recording has ended.
 *
 * <p>The first line names the format and the time at which the controller was made. Every other line is an event: its
 * letter, the nanoseconds since the event before it, and its values. Recording ends at a bound of characters, because a
 * trace with a gap could not be replayed.
 *
 * <pre>
 * s,nanos,sequence,bytes,padding   a packet was sent
 * f,nanos,hexadecimal              transport-wide feedback came
 * m,nanos,bps                      a REMB came
 * r,nanos,nanoseconds              a round trip was measured
 * l,nanos,expected,lost            report blocks came
 * c,nanos                          the route changed
 * d,nanos,desired,next,cap         the demand was told
 * x,nanos                          a probe was given up
 * t,nanos,bps                      time passed; the estimate that resulted
 * </pre>
 */
public final class TraceRecorder implements CongestionTrace {
    static final String FORMAT = "rotunda-congestion-trace-1";

    /** A line is at most so long: a feedback message of the longest RTCP datagram in hexadecimal, and some numbers. */
    static final int LINE_CHARACTERS_MAX = 2 * RtcpCompound.LENGTH_BYTES_MAX + 100;

    private final StringBuilder text = new StringBuilder();
    private final ByteBuf message = Unpooled.buffer(RtcpCompound.LENGTH_BYTES_MAX);
    private final int charactersMax;
    private long lastNanos;
    private boolean full;

    /**
     * Makes a recorder.
     *
     * @param startNanos the time with which the controller was made
     * @param charactersMax the length at which recording ends
     */
    public TraceRecorder(long startNanos, int charactersMax) {
        this.charactersMax = charactersMax;
        lastNanos = startNanos;
        text.append(FORMAT).append(',').append(startNanos).append('\n');
    }

    /** Returns whether the bound was reached, so that later events are missing. */
    public boolean isFull() {
        return full;
    }

    /** Returns what was recorded. */
    public String text() {
        return text.toString();
    }

    @Override
    public void onSent(int transportSequence, int sizeBytes, boolean padding, long nowNanos) {
        if (begin('s', nowNanos)) {
            value(transportSequence).value(sizeBytes).value(padding ? 1 : 0).end();
        }
    }

    @Override
    public void onFeedback(RtcpCompound packet, long nowNanos) {
        if (begin('f', nowNanos)) {
            message.clear();
            packet.copyTo(message);
            text.append(',').append(ByteBufUtil.hexDump(message));
            end();
        }
    }

    @Override
    public void onRemb(long bps, long nowNanos) {
        if (begin('m', nowNanos)) {
            value(bps).end();
        }
    }

    @Override
    public void onRtt(long rttNanos, long nowNanos) {
        if (begin('r', nowNanos)) {
            value(rttNanos).end();
        }
    }

    @Override
    public void onLossReport(long expected, long lost, long nowNanos) {
        if (begin('l', nowNanos)) {
            value(expected).value(lost).end();
        }
    }

    @Override
    public void onRouteChanged(long nowNanos) {
        if (begin('c', nowNanos)) {
            end();
        }
    }

    @Override
    public void onDemand(long desiredBps, long nextBps, long capBps, long nowNanos) {
        if (begin('d', nowNanos)) {
            value(desiredBps).value(nextBps).value(capBps).end();
        }
    }

    @Override
    public void onProbeCancelled(long nowNanos) {
        if (begin('x', nowNanos)) {
            end();
        }
    }

    @Override
    public void onTimeout(long estimateBps, long nowNanos) {
        if (begin('t', nowNanos)) {
            value(estimateBps).end();
        }
    }

    private boolean begin(char event, long nowNanos) {
        full |= text.length() > charactersMax - LINE_CHARACTERS_MAX;
        if (full) {
            return false;
        }
        text.append(event).append(',').append(nowNanos - lastNanos);
        lastNanos = nowNanos;
        return true;
    }

    private TraceRecorder value(long number) {
        text.append(',').append(number);
        return this;
    }

    private void end() {
        text.append('\n');
    }
}
