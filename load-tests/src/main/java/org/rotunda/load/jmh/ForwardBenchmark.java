package org.rotunda.load.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
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
import org.rotunda.media.codec.Codec;
import org.rotunda.media.forward.EgressPacket;
import org.rotunda.media.forward.EgressPacketWriter;
import org.rotunda.media.forward.EgressParameters;
import org.rotunda.media.forward.ForwardedTrack;
import org.rotunda.media.forward.PayloadTypes;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.forward.SourceTrack;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

/** Measures the forwarding of a VP8 packet between decryption and encryption. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class ForwardBenchmark {
    private static final int PAYLOAD_TYPE = 96;
    private static final int SSRC = 0x5EED;
    private static final int PACKET_BYTES = 1_200;
    private static final int PACKETS_PER_FRAME = 9; // This gives about 2.5 Mbit/s at 30 frames a second.
    private static final int FRAME_TICKS = 3_000; // The ticks of the 90 kHz clock per frame, at 30 frames a second.
    private static final long PACKET_NANOS = 1_000_000_000L / (30 * PACKETS_PER_FRAME);
    private static final int DESCRIPTOR = RtpHeader.FIXED_LENGTH_BYTES;
    private static final int PICTURE_ID = DESCRIPTOR + 2;
    private static final int NO_KEY_FRAME = 1; // Bit P is set if the frame is not a key frame (RFC 7741 §4.3).

    private final ByteBuf packet = Unpooled.directBuffer(PACKET_BYTES);
    private final ByteBuf scratch = Unpooled.buffer(PACKET_BYTES + EgressPacketWriter.GROWTH_MAX_BYTES);
    private final EgressPacket egress = new EgressPacket();
    private final EgressPacketWriter writer = new EgressPacketWriter();
    private final EgressParameters parameters = EgressParameters.builder(
                    1,
                    ExtensionLayout.builder()
                            .transportSequence(3)
                            .absSendTime(2)
                            .mid(4, "12")
                            .build())
            .codec(Codec.VP8, 100)
            .build();
    private SourceTrack source;
    private ForwardedTrack forwarded;
    private SourcePacket received;
    private int count;
    private long nowNanos;

    /** Sets up a publisher's track with one encoding and a subscriber that has received a key frame. */
    @Setup
    public void begin() {
        source = new SourceTrack(true, 1, new PayloadTypes().with(PAYLOAD_TYPE, Codec.VP8), 0, new SourceClock());
        forwarded = new ForwardedTrack(source, parameters, (encoding, nowNanos) -> {}, new SplittableRandom(1));
        forwarded.setDesired(0, 2, false, 0);
        count = 0;
        nowNanos = 0;
        RtpHeader.write(packet.clear(), false, false, PAYLOAD_TYPE, 0, 0, SSRC);
        // The payload descriptor, RFC 7741 §4.2.
        packet.writeByte(0x90).writeByte(0xE0).writeShort(0x8000).writeByte(9).writeByte(0);
        packet.writeBytes(new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A})
                .writeShortLE(1280)
                .writeShortLE(720);
        packet.writeZero(PACKET_BYTES - packet.readableBytes());
        receive();
        if (!forwarded.onSourcePacket(received, egress)) {
            throw new IllegalStateException("the key frame is not forwarded");
        }
        packet.setByte(DESCRIPTOR + 6, NO_KEY_FRAME);
    }

    @TearDown
    public void release() {
        packet.release();
    }

    /**
     * Turns the previous packet into the next packet and parses it. The router parses each packet once for all
     * subscribers.
     */
    private void receive() {
        int frame = count / PACKETS_PER_FRAME;
        int part = count % PACKETS_PER_FRAME;
        RtpHeader.setSequenceNumber(packet, count & 0xFFFF);
        RtpHeader.setTimestamp(packet, frame * FRAME_TICKS);
        RtpHeader.setMarker(packet, part == PACKETS_PER_FRAME - 1);
        packet.setByte(DESCRIPTOR, part == 0 ? 0x90 : 0x80);
        packet.setShort(PICTURE_ID, 0x8000 | (frame & 0x7FFF));
        count++;
        nowNanos += PACKET_NANOS;
        SourcePacket parsed = source.onPacket(0, packet, nowNanos);
        if (parsed == null) {
            throw new IllegalStateException("the packet is dropped");
        }
        received = parsed;
    }

    /**
     * Does the work that is needed once for each received packet: parses the packet and updates the state of its
     * encoding.
     */
    @Benchmark
    public SourcePacket parseSource() {
        receive();
        return received;
    }

    /**
     * Does all work for one subscriber: parses the packet, decides whether to forward it, renumbers it and writes it.
     */
    @Benchmark
    public ByteBuf rewrite() {
        receive();
        if (!forwarded.onSourcePacket(received, egress)) {
            throw new IllegalStateException("the packet is not forwarded");
        }
        writer.write(packet, egress, parameters, scratch.clear());
        return scratch;
    }
}
