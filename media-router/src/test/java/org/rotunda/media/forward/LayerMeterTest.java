package org.rotunda.media.forward;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.VideoContentType;

class LayerMeterTest {
    private static final long MS = 1_000_000L;
    private static final int WHOLE = LayerMeter.TEMPORAL_LAYERS - 1;
    private static final int CONTENT_TYPE_ID = 7;
    private static final int HEADER_BYTES = 12;

    private final LayerMeter meter = new LayerMeter();

    @Test
    void aBurstDoesNotRaiseTheMedian() {
        assertThat(meter.bitrateBps(WHOLE, 0)).isZero();
        int[] bytesPerSecond = {1_000, 1_100, 50_000, 900, 1_050, 7};
        for (int second = 0; second < bytesPerSecond.length; second++) {
            meter.onPacket(bytesPerSecond[second], 0, true, second * 1_000L * MS);
        }
        assertThat(meter.bitrateBps(WHOLE, 5_500 * MS)).isEqualTo(8 * 1_050);
        assertThat(meter.bitrateBps(WHOLE, 60_000 * MS)).isZero();
        assertThat(meter.temporalLayers(60_000 * MS)).isZero();
    }

    @Test
    void theFirstSecondIsWholeWheneverItBegins() {
        long start = 12_345 * MS;
        for (int i = 0; i < 100; i++) {
            meter.onPacket(125, 0, true, start + i * 10L * MS);
        }
        assertThat(meter.bitrateBps(WHOLE, start + 990 * MS)).isZero();
        assertThat(meter.bitrateBps(WHOLE, start + 1_010 * MS)).isEqualTo(100_000);
        assertThat(meter.framesPerSecond(start + 1_010 * MS)).isEqualTo(100);
    }

    @Test
    void aLayersRateIncludesTheLayersBelowIt() {
        int[] pattern = {0, 2, 1, 2};
        long nowNanos = 0;
        for (int frame = 0; frame < 240; frame++) {
            int layer = pattern[frame % 4];
            nowNanos = frame * 33_333_333L;
            meter.onPacket(1_000, layer, true, nowNanos);
            meter.onPacket(500, layer, false, nowNanos);
        }
        assertThat(meter.temporalLayers(nowNanos)).isEqualTo(3);
        assertThat(meter.framesPerSecond(nowNanos)).isEqualTo(30);
        assertThat(meter.bitrateBps(0, nowNanos) / 1_000).isCloseTo(90, within(12L));
        assertThat(meter.bitrateBps(1, nowNanos) / 1_000).isCloseTo(180, within(12L));
        assertThat(meter.bitrateBps(2, nowNanos) / 1_000).isCloseTo(360, within(12L));
        assertThat(meter.bitrateBps(7, nowNanos)).isEqualTo(meter.bitrateBps(2, nowNanos));
    }

    @Test
    void aLayerThatStopsIsForgottenAfterFiveSeconds() {
        meter.onPacket(1_000, 2, true, 0);
        for (int second = 1; second < 7; second++) {
            meter.onPacket(1_000, 0, true, second * 1_000L * MS);
            assertThat(meter.temporalLayers(second * 1_000L * MS)).isEqualTo(second <= 5 ? 3 : 1);
        }
    }

    @Test
    void measuresTheEncodingsOfATrack() {
        SourceTrack track = track();
        long nowNanos = 0;
        for (int frame = 0; frame < 210; frame++) {
            nowNanos = frame * 33_333_333L;
            int timestamp = frame * 3_000;
            ByteBuf packet = frame == 0
                    ? Vp8Packets.keyFrame(frame, timestamp, frame)
                    : Vp8Packets.delta(frame, timestamp, frame, frame % 2);
            track.onPacket(1, packet.writeZero(1_000 - packet.readableBytes()), nowNanos);
        }
        List<MeasuredLayer> layers = track.measuredLayers(nowNanos);
        assertThat(layers).hasSize(1); // The other encodings send nothing.
        MeasuredLayer layer = layers.get(0);
        assertThat(layer.spatial()).isEqualTo(1);
        assertThat(layer.width()).isEqualTo(640);
        assertThat(layer.height()).isEqualTo(360);
        assertThat(layer.framesPerSecond()).isEqualTo(30);
        assertThat(layer.cumulativeKbps()).containsExactly(120, 240);
    }

    @Test
    void aLateFrameIsNotCountedAsANewOne() {
        SourceTrack track = track();
        for (int frame = 0; frame < 60; frame++) {
            // Every second frame arrives after the frame that follows it.
            int number = frame ^ 1;
            track.onPacket(0, Vp8Packets.delta(number, number * 3_000, number, 0), frame * 33_333_333L);
        }
        assertThat(track.measuredLayers(1_967 * MS).get(0).framesPerSecond()).isBetween(15, 16);
    }

    @Test
    void knowsASharedScreenByTheEndOfItsKeyFrames() {
        SourceTrack track = track();
        track.onPacket(0, marked(Vp8Packets.keyFrame(1, 3_000, 1), 1), 0);
        assertThat(track.isScreen()).isTrue();
        track.onPacket(0, Vp8Packets.delta(2, 6_000, 2, 0), 33 * MS); // Delta frames do not have the extension.
        assertThat(track.isScreen()).isTrue();
        track.onPacket(0, Vp8Packets.keyFrame(3, 9_000, 3), 66 * MS); // The publisher has changed to a camera.
        assertThat(track.isScreen()).isFalse();
        track.onPacket(0, marked(Vp8Packets.keyFrame(4, 12_000, 4), 0), 99 * MS);
        assertThat(track.isScreen()).isFalse();
    }

    @Test
    void passesTheContentTypeOnOnlyWhereItWas() {
        SourceTrack track = track();
        ExtensionLayout.Builder layout = ExtensionLayout.builder().transportSequence(3);
        EgressParameters parameters = EgressParameters.builder(9, layout.build())
                .codec(Codec.VP8, 100)
                .rtx(Codec.VP8, 101, 10)
                .contentType(layout.contentType(11).build())
                .build();
        ForwardedTrack sent = new ForwardedTrack(track, parameters, (encoding, nowNanos) -> {}, new Random(1));
        sent.setDesired(0, 3, false, 0);

        ByteBuf key = marked(Vp8Packets.keyFrame(1, 3_000, 1), 1);
        EgressPacket egress = forward(track, sent, key);
        assertThat(VideoContentType.read(written(key, egress, parameters), 11)).isEqualTo(1);
        ByteBuf delta = Vp8Packets.delta(2, 6_000, 2, 0);
        assertThat(written(delta, forward(track, sent, delta), parameters).readableBytes())
                .isEqualTo(delta.readableBytes() + layout(parameters).lengthBytes());

        EgressPacket again = new EgressPacket();
        ByteBuf found = sent.onNack(egress.sequenceNumber() - 1, (encoding, sequence) -> key, 0, again);
        assertThat(found).isSameAs(key);
        ByteBuf rtx = Unpooled.buffer();
        new EgressPacketWriter().writeRtx(key, again, parameters, 7, rtx);
        assertThat(VideoContentType.read(rtx, 11)).isEqualTo(1);
    }

    private static ExtensionLayout layout(EgressParameters parameters) {
        return parameters.extensions();
    }

    private static SourceTrack track() {
        return new SourceTrack(
                true,
                2,
                new PayloadTypes().with(Vp8Packets.PAYLOAD_TYPE, Codec.VP8),
                CONTENT_TYPE_ID,
                new SourceClock());
    }

    private final EgressPacket egress = new EgressPacket();

    private EgressPacket forward(SourceTrack track, ForwardedTrack sent, ByteBuf packet) {
        SourcePacket parsed = track.onPacket(0, packet, 0);
        assertThat(parsed).isNotNull();
        assertThat(sent.onSourcePacket(requireNonNull(parsed), egress)).isTrue();
        return egress;
    }

    private static ByteBuf written(ByteBuf packet, EgressPacket egress, EgressParameters parameters) {
        ByteBuf out = Unpooled.buffer();
        new EgressPacketWriter().write(packet, egress, parameters, out);
        assertThat(RtpHeader.isValid(out)).isTrue();
        return out;
    }

    /** Returns a copy of the packet with the header extension for the content type. */
    private static ByteBuf marked(ByteBuf packet, int contentType) {
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(packet, 0, HEADER_BYTES);
        out.setByte(0, out.getByte(0) | 0x10);
        out.writeInt(0xBEDE0001)
                .writeByte(CONTENT_TYPE_ID << 4)
                .writeByte(contentType)
                .writeZero(2);
        return out.writeBytes(packet, HEADER_BYTES, packet.readableBytes() - HEADER_BYTES);
    }
}
