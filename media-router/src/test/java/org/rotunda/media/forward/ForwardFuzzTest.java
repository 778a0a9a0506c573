package org.rotunda.media.forward;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.testkit.FuzzInput;

/**
 * Fuzzes the forwarding of a track with decrypted packets of its publisher and feedback of its subscriber: each packet
 * that leaves is valid RTP.
 */
class ForwardFuzzTest {
    private static final int STEPS_MAX = 128;
    private static final int DESIRE = 0;
    private static final int SENDER_REPORT = 1;
    private static final int TIMEOUT = 2;
    private static final int PICTURE_LOSS = 3;
    private static final int LOSS = 4;
    private static final int RESET = 5;
    private static final int PACKET = 6;
    private static final int STEPS = 12;

    /** An input begins with 1 for video. A step is its kind, the time until then in 5 ms, and its content. */
    static Stream<byte[]> seeds() {
        FuzzInput.Writer vp8 = new FuzzInput.Writer().number(1);
        FuzzInput.Writer h264 = new FuzzInput.Writer().number(1);
        FuzzInput.Writer opus = new FuzzInput.Writer().number(0);
        for (int i = 0; i < 8; i++) {
            boolean isKey = i % 4 == 0;
            packet(
                    vp8,
                    96,
                    i,
                    "90e0" + "80%02x".formatted(i) + "%02x".formatted(i) + (i % 2 == 0 ? "20" : "60")
                            + (isKey ? "50ba019d012a80026801" : "51ba01"));
            packet(h264, 97, i, isKey ? "7c85b80000" : "419a2233");
            packet(opus, 98, i, "fc010203");
        }
        byte[] feedback = {PICTURE_LOSS, 1, LOSS, 1, 3, DESIRE, 1, 3, TIMEOUT, 100, SENDER_REPORT, 1, 0, 9, RESET, 1};
        return Stream.of(
                vp8.bytes(), h264.bytes(), opus.bytes(), vp8.rest(feedback).bytes());
    }

    private static void packet(FuzzInput.Writer writer, int payloadType, int number, String payload) {
        ByteBuf packet = Unpooled.buffer();
        RtpHeader.write(packet, false, true, payloadType, 100 + number, 3_000 * number, 1);
        packet.writeBytes(ByteBufUtil.decodeHexDump(payload));
        writer.number(PACKET).number(6).block(ByteBufUtil.getBytes(packet));
    }

    @MethodSource("seeds")
    @FuzzTest
    void sendsOnlyValidPackets(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        boolean video = input.number() % 2 == 1;
        PayloadTypes types = new PayloadTypes()
                .with(96, Codec.VP8)
                .with(97, Codec.H264)
                .with(98, Codec.OPUS)
                .with(99, Codec.PCMU);
        EgressParameters.Builder builder = EgressParameters.builder(1, ForwardFuzzProperties.EXTENSIONS)
                .contentType(ForwardFuzzProperties.EXTENSIONS_WITH_CONTENT_TYPE);
        for (Codec codec : Codec.values()) {
            builder.codec(codec, 100).rtx(codec, 101, 2);
        }
        EgressParameters parameters = builder.build();
        SourceTrack source = new SourceTrack(video, 2, types, 1, new SourceClock());
        ForwardedTrack track = new ForwardedTrack(source, parameters, (encoding, nowNanos) -> {}, new Random(1));
        EgressPacketWriter writer = new EgressPacketWriter();
        EgressPacket egress = new EgressPacket();
        Map<Long, ByteBuf> cache = new HashMap<>();
        track.setDesired(1, 2, false, 0);
        long nowNanos = 0;
        for (int i = 0; i < STEPS_MAX && input.hasMore(); i++) {
            int step = input.number() % STEPS;
            nowNanos += input.number() * 5_000_000L;
            switch (step) {
                case DESIRE -> {
                    int desired = input.number();
                    track.setDesired(desired % 9, desired / 9 % 4, desired >= 128, nowNanos);
                }
                case SENDER_REPORT ->
                    source.onSenderReport(
                            input.number() % 2, (long) input.number() << 56, input.number() << 24, nowNanos);
                case TIMEOUT -> track.onTimeout(nowNanos);
                case PICTURE_LOSS -> track.onPictureLoss(nowNanos);
                case LOSS -> {
                    int lost = (egress.sequenceNumber() - input.number()) & 0xFFFF;
                    ByteBuf plaintext = track.onNack(lost, (e, s) -> cache.get(s * 2 + e), nowNanos, egress);
                    if (plaintext != null) {
                        ForwardFuzzProperties.check(writer, plaintext, egress, parameters);
                    }
                }
                case RESET -> {
                    source.reset();
                    cache.clear();
                }
                default -> {
                    int encoding = step % 2;
                    SourcePacket packet = source.onPacket(encoding, FuzzInput.datagram(input.block()), nowNanos);
                    if (packet != null) {
                        cache.put(packet.sequence() * 2 + encoding, packet.plaintext());
                        if (track.onSourcePacket(packet, egress)) {
                            ForwardFuzzProperties.check(writer, packet.plaintext(), egress, parameters);
                        }
                    }
                }
            }
            track.egressTimestampAt(nowNanos);
        }
    }
}
