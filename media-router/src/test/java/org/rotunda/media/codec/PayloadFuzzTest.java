package org.rotunda.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the payload descriptors: VP8 with its rewriting, H.264 with its sequence parameter sets, and Opus. */
class PayloadFuzzTest {
    private static final int PICTURE_ID = 0x2345;
    private static final int TL0_PIC_IDX = 0x67;

    static Stream<byte[]> seeds() {
        return Stream.of(
                        // A VP8 key frame with all fields, and one with a picture id of seven bits.
                        "90f09234072050ba019d012a80026801",
                        "90801250ba019d012a80026801",
                        "1001020304",
                        // An H.264 sequence parameter set, alone and in a STAP-A with a picture parameter set.
                        "6742c01fda014016ec0440000003004000000f03c60ca8",
                        "7800176742c01fda014016ec0440000003004000000f03c60ca8000468ce3c80",
                        // A sequence parameter set of profile High, the first part of an IDR picture, and a slice.
                        "6764001facd9405005bb016a02020280000003008000001e478c18cb",
                        "7c85b80000",
                        "419a2233",
                        // Opus: one frame of 20 ms, and a code 3 packet of three frames.
                        "fc010203",
                        "ff030102")
                .map(ByteBufUtil::decodeHexDump);
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        ByteBuf packet = FuzzInput.datagram(bytes);
        int offset = packet.readerIndex();
        Vp8Descriptor vp8 = new Vp8Descriptor();
        if (vp8.parse(packet, offset, bytes.length)) {
            assertThat(vp8.lengthBytes()).isBetween(1, bytes.length - 1);
            rewritesOnlyTheIds(vp8, packet, offset);
        }
        H264Payload h264 = new H264Payload();
        if (h264.parse(packet, offset, bytes.length)) {
            assertThat(h264.width()).isBetween(0, 16_384);
            assertThat(h264.height()).isBetween(0, 2 * 16_384);
            assertThat(h264.width() == 0).isEqualTo(h264.height() == 0);
        }
        assertThat(OpusPayload.durationSamples(packet, offset, bytes.length)).isBetween(OpusPayload.INVALID, 5_760);
        assertThat(ByteBufUtil.getBytes(packet)).isEqualTo(bytes);
    }

    private static void rewritesOnlyTheIds(Vp8Descriptor before, ByteBuf packet, int offset) {
        int frame = offset + before.lengthBytes();
        ByteBuf out = Unpooled.buffer();
        before.writeRewritten(packet, offset, out, PICTURE_ID, TL0_PIC_IDX);
        assertThat(out.readableBytes()).isEqualTo(before.rewrittenLengthBytes());
        out.writeBytes(packet, frame, packet.writerIndex() - frame);

        Vp8Descriptor after = new Vp8Descriptor();
        assertThat(after.parse(out, 0, out.readableBytes())).isTrue();
        assertThat(after.lengthBytes()).isEqualTo(before.rewrittenLengthBytes());
        assertIsSameButIds(after, before, PICTURE_ID, TL0_PIC_IDX);

        // The rewritten descriptor has a long picture id or none, so it can be changed in place.
        after.rewriteInPlace(out, 0, PICTURE_ID + 1, TL0_PIC_IDX + 1);
        Vp8Descriptor again = new Vp8Descriptor();
        assertThat(again.parse(out, 0, out.readableBytes())).isTrue();
        assertIsSameButIds(again, before, PICTURE_ID + 1, TL0_PIC_IDX + 1);
    }

    private static void assertIsSameButIds(Vp8Descriptor after, Vp8Descriptor before, int pictureId, int tl0PicIdx) {
        assertThat(after.pictureId())
                .isEqualTo(before.pictureId() == Vp8Descriptor.ABSENT ? Vp8Descriptor.ABSENT : pictureId);
        assertThat(after.tl0PicIdx())
                .isEqualTo(before.tl0PicIdx() == Vp8Descriptor.ABSENT ? Vp8Descriptor.ABSENT : tl0PicIdx);
        assertThat(after.temporalId()).isEqualTo(before.temporalId());
        assertThat(after.keyIdx()).isEqualTo(before.keyIdx());
        assertThat(after.isLayerSync()).isEqualTo(before.isLayerSync());
        assertThat(after.isDiscardable()).isEqualTo(before.isDiscardable());
        assertThat(after.isFrameStart()).isEqualTo(before.isFrameStart());
        assertThat(after.isKeyFrameStart()).isEqualTo(before.isKeyFrameStart());
        assertThat(after.width()).isEqualTo(before.width());
        assertThat(after.height()).isEqualTo(before.height());
    }
}
