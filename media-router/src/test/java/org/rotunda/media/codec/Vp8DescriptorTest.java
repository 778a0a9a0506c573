package org.rotunda.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class Vp8DescriptorTest {
    private static final String KEY_FRAME_640_360 = "50ba019d012a8002" + "6801" + "ffff";
    private final Vp8Descriptor descriptor = new Vp8Descriptor();

    @Test
    void readsWhatChromiumSends() {
        assertThat(parse("90e0" + "9234" + "07" + "20" + KEY_FRAME_640_360)).isTrue();

        assertThat(descriptor.lengthBytes()).isEqualTo(6);
        assertThat(descriptor.isFrameStart()).isTrue();
        assertThat(descriptor.isKeyFrameStart()).isTrue();
        assertThat(descriptor.pictureId()).isEqualTo(0x1234);
        assertThat(descriptor.isPictureIdLong()).isTrue();
        assertThat(descriptor.tl0PicIdx()).isEqualTo(7);
        assertThat(descriptor.temporalId()).isZero();
        assertThat(descriptor.isLayerSync()).isTrue();
        assertThat(descriptor.keyIdx()).isEqualTo(Vp8Descriptor.ABSENT);
        assertThat(descriptor.width()).isEqualTo(640);
        assertThat(descriptor.height()).isEqualTo(360);
    }

    @Test
    void readsTheBareDescriptor() {
        assertThat(parse("10" + "01")).isTrue();

        assertThat(descriptor.lengthBytes()).isEqualTo(1);
        assertThat(descriptor.isFrameStart()).isTrue();
        assertThat(descriptor.isKeyFrameStart()).isFalse();
        assertThat(descriptor.pictureId()).isEqualTo(Vp8Descriptor.ABSENT);
        assertThat(descriptor.tl0PicIdx()).isEqualTo(Vp8Descriptor.ABSENT);
        assertThat(descriptor.temporalId()).isEqualTo(Vp8Descriptor.ABSENT);
    }

    @Test
    void doesNotTakeAContinuedPacketForAKeyFrame() {
        assertThat(parse("80e0" + "9234" + "07" + "00" + "00")).isTrue();
        assertThat(descriptor.isKeyFrameStart()).isFalse();
        // The S bit is set, but the packet belongs to the second partition.
        assertThat(parse("91e0" + "9234" + "07" + "00" + "00")).isTrue();
        assertThat(descriptor.isFrameStart()).isFalse();
        assertThat(descriptor.isKeyFrameStart()).isFalse();
    }

    @Test
    void readsTemporalLayerAndKeyIndex() {
        assertThat(parse("b030" + "b5" + "01")).isTrue();

        assertThat(descriptor.isDiscardable()).isTrue();
        assertThat(descriptor.temporalId()).isEqualTo(2);
        assertThat(descriptor.isLayerSync()).isTrue();
        assertThat(descriptor.keyIdx()).isEqualTo(21);
    }

    @Test
    void refusesDescriptorsWithoutAFrame() {
        String whole = "90f0" + "9234" + "07" + "20" + "01";
        for (int length = 0; length < 7; length++) {
            assertThat(parse(whole.substring(0, 2 * length))).isFalse();
        }
        assertThat(parse(whole)).isTrue();
    }

    @Test
    void rewritesBothIdsInPlace() {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("90e0" + "9234" + "07" + "20" + "01"));
        descriptor.parse(packet, 0, packet.readableBytes());

        descriptor.rewriteInPlace(packet, 0, 5, 255);

        assertThat(ByteBufUtil.hexDump(packet)).isEqualTo("90e0" + "8005" + "ff" + "20" + "01");
    }

    @Test
    void widensAShortPictureId() {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("90e0" + "34" + "07" + "20" + "01"));
        descriptor.parse(packet, 0, packet.readableBytes());
        ByteBuf out = Unpooled.buffer();

        descriptor.writeRewritten(packet, 0, out, 0x7FFF, 9);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("90e0" + "ffff" + "09" + "20");
        assertThat(out.readableBytes()).isEqualTo(descriptor.rewrittenLengthBytes());
        assertThatThrownBy(() -> descriptor.rewriteInPlace(packet, 0, 1, 1)).isInstanceOf(IllegalStateException.class);
    }

    private boolean parse(String hex) {
        // The parser must not read the extra bytes before and after the payload.
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ff" + hex + "9090"));
        return descriptor.parse(packet, 1, hex.length() / 2);
    }
}
