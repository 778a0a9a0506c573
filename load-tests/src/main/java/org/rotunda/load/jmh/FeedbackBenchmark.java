package org.rotunda.load.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.rtcp.TransportFeedbackWriter;

/**
 * Measures the building of one transport-wide feedback message. A message covers {@link #PACKETS} packets, which arrive
 * in 50 ms at 1,000 packets a second. One packet out of 25 is lost.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class FeedbackBenchmark {
    static final int PACKETS = 50;

    private static final int LOST_EVERY = 25;
    private static final long PACKET_NANOS = 1_000_000;
    private static final int SENDER_SSRC = 1;
    private static final int MEDIA_SSRC = 2;

    private final ByteBuf out = Unpooled.buffer(TransportFeedbackWriter.LENGTH_BYTES_MAX);
    private TransportWideFeedback arrivals;
    private int arriving;
    private long nowNanos;

    @Setup
    public void begin() {
        arrivals = new TransportWideFeedback(SENDER_SSRC);
        arriving = 0;
        nowNanos = 0;
    }

    /** Notes the arrivals of {@link #PACKETS} packets and builds the feedback message. */
    @Benchmark
    public ByteBuf build() {
        for (int i = 0; i < PACKETS; i++) {
            if (i % LOST_EVERY != LOST_EVERY / 2) {
                arrivals.onPacket(arriving & 0xFFFF, MEDIA_SSRC, nowNanos);
            }
            arriving++;
            nowNanos += PACKET_NANOS;
        }
        nowNanos = Math.max(nowNanos, arrivals.nextDeadlineNanos());
        if (!arrivals.writeDue(out.clear(), nowNanos)) {
            throw new IllegalStateException("nothing to report");
        }
        return out;
    }
}
