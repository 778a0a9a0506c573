package org.rotunda.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CodecProperties {
    private static final byte[] SPS = ByteBufUtil.decodeHexDump("6742c01fda014016ec0440000003004000000f03c60ca8");
    private static final byte[] VP8 = ByteBufUtil.decodeHexDump("90f092340720" + "50ba019d012a80026801");

    @Property(tries = 3000)
    void neverReadOutsideAnyPayload(@ForAll @Size(max = 60) byte[] bytes) {
        parseAll(bytes);
    }

    @Property(tries = 3000)
    void neverReadOutsideADamagedSequenceParameterSet(
            @ForAll @IntRange(max = 22) int at, @ForAll byte value, @ForAll @IntRange(max = 23) int length) {
        byte[] bytes = SPS.clone();
        bytes[at] = value;
        parseAll(Arrays.copyOf(bytes, length));
    }

    @Property(tries = 3000)
    void rewriteChangesTheIdsAndNothingElse(
            @ForAll @IntRange(max = 15) int at,
            @ForAll byte value,
            @ForAll @IntRange(max = 0x7FFF) int pictureId,
            @ForAll @IntRange(max = 255) int tl0PicIdx) {
        byte[] bytes = VP8.clone();
        bytes[at] = value;
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        Vp8Descriptor before = new Vp8Descriptor();
        if (!before.parse(packet, 0, bytes.length)) {
            return;
        }
        ByteBuf out = Unpooled.buffer();
        before.writeRewritten(packet, 0, out, pictureId, tl0PicIdx);
        assertThat(out.readableBytes()).isEqualTo(before.rewrittenLengthBytes());
        out.writeBytes(packet, before.lengthBytes(), bytes.length - before.lengthBytes());

        Vp8Descriptor after = new Vp8Descriptor();
        assertThat(after.parse(out, 0, out.readableBytes())).isTrue();
        assertThat(after.pictureId())
                .isEqualTo(before.pictureId() == Vp8Descriptor.ABSENT ? Vp8Descriptor.ABSENT : pictureId);
        assertThat(after.tl0PicIdx())
                .isEqualTo(before.tl0PicIdx() == Vp8Descriptor.ABSENT ? Vp8Descriptor.ABSENT : tl0PicIdx);
        assertThat(after.temporalId()).isEqualTo(before.temporalId());
        assertThat(after.keyIdx()).isEqualTo(before.keyIdx());
        assertThat(after.isKeyFrameStart()).isEqualTo(before.isKeyFrameStart());
        assertThat(after.isFrameStart()).isEqualTo(before.isFrameStart());
        assertThat(after.isLayerSync()).isEqualTo(before.isLayerSync());
        assertThat(after.width()).isEqualTo(before.width());
    }

    private static void parseAll(byte[] bytes) {
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        Vp8Descriptor vp8 = new Vp8Descriptor();
        if (vp8.parse(packet, 0, bytes.length)) {
            assertThat(vp8.lengthBytes()).isLessThan(bytes.length);
        }
        H264Payload h264 = new H264Payload();
        if (h264.parse(packet, 0, bytes.length)) {
            assertThat(h264.width()).isBetween(0, 16_384);
            assertThat(h264.height()).isBetween(0, 2 * 16_384);
        }
        assertThat(OpusPayload.durationSamples(packet, 0, bytes.length)).isBetween(-1, 5_760);
    }
}
