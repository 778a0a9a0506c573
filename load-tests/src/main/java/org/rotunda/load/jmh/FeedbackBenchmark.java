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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.feedback.TransportWideSendLog;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;
import org.rotunda.media.rtcp.TransportFeedbackWriter;

/**
 * Measures transport-wide feedback, one message at a time. A message covers {@link #PACKETS} packets, that is 50 ms at
 * 1,000 packets a second; every 25th packet is lost.
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
    private static final int PACKET_BYTES = 1_200;
    private static final int SENDER_SSRC = 1;
    private static final int MEDIA_SSRC = 2;
    private static final int BASE_SEQUENCE_OFFSET = 12; // The header and two SSRCs come before.
    private static final int COUNT_OFFSET = BASE_SEQUENCE_OFFSET + 7;

    private final ByteBuf out = Unpooled.buffer(TransportFeedbackWriter.LENGTH_BYTES_MAX);
    private final ByteBuf message = Unpooled.directBuffer(TransportFeedbackWriter.LENGTH_BYTES_MAX);
    private final Told told = new Told();
    private TransportWideFeedback arrivals;
    private TransportWideSendLog sent;
    private RtcpReader reader;
    private int arriving;
    private int feedbackCount;
    private long nowNanos;

    /** Counts the reported packets, so that the compiler cannot remove any of the work. */
    private static final class Told implements TransportWideSendLog.Sink {
        private long packets;

        @Override
        public void onAcknowledged(long sendNanos, long arrivalNanos, int sizeBytes, int probeCluster) {
            packets++;
        }

        @Override
        public void onLost(long sendNanos, int sizeBytes, int probeCluster) {
            packets++;
        }

        @Override
        public void onFeedbackComplete(long nowNanos) {}
    }

    @Setup
    public void begin() {
        arrivals = new TransportWideFeedback(SENDER_SSRC);
        arriving = 0;
        nowNanos = 0;
        feedbackCount = 0;
        sent = new TransportWideSendLog(told);
        reader = new RtcpReader(new RtcpSink() {
            @Override
            public void onTransportFeedback(RtcpCompound feedback) {
                sent.onFeedback(feedback, nowNanos);
            }
        });
        message.clear().writeBytes(build());
    }

    @TearDown
    public void release() {
        message.release();
    }

    /** Notes the arrival of fifty packets and builds the message about them. */
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

    /** Logs fifty sent packets, parses a message about them, and matches it with the log. */
    @Benchmark
    public long parse() {
        int base = sent.onSent(PACKET_BYTES, TransportWideSendLog.NO_PROBE, nowNanos);
        for (int i = 1; i < PACKETS; i++) {
            sent.onSent(PACKET_BYTES, TransportWideSendLog.NO_PROBE, nowNanos);
        }
        feedbackCount = (feedbackCount + 1) & 0xFF;
        message.setShort(BASE_SEQUENCE_OFFSET, base);
        message.setByte(COUNT_OFFSET, feedbackCount);
        long before = told.packets;
        reader.read(message);
        if (told.packets - before != PACKETS) {
            throw new IllegalStateException("the message reported " + (told.packets - before) + " packets");
        }
        return told.packets;
    }
}
