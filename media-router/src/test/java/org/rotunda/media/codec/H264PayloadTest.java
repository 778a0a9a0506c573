package org.rotunda.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class H264PayloadTest {
    private static final String SPS_1280_720 = "6742c01f" + "da014016ec0440000003004000000f03c60ca8";
    private final H264Payload payload = new H264Payload();

    @Test
    void takesAnIdrSliceForAKeyFrame() {
        assertThat(parse("65" + "88")).isTrue();
        assertThat(payload.isKeyFrameStart()).isTrue();
        assertThat(parse("41" + "88")).isTrue();
        assertThat(payload.isKeyFrameStart()).isFalse();
    }

    @Test
    void takesTheFirstFragmentOfAnIdrSliceForAKeyFrame() {
        assertThat(parse("7c" + "85" + "00")).isTrue();
        assertThat(payload.isKeyFrameStart()).isTrue();
        assertThat(parse("7c" + "05" + "00")).isTrue();
        assertThat(payload.isKeyFrameStart()).isFalse();
    }

    @Test
    void readsTheSizeFromASequenceParameterSet() {
        assertThat(parse(SPS_1280_720)).isTrue();
        assertThat(payload.isKeyFrameStart()).isTrue();
        assertThat(payload.width()).isEqualTo(1280);
        assertThat(payload.height()).isEqualTo(720);
    }

    @Test
    void looksIntoAggregates() {
        String length = String.format("%04x", SPS_1280_720.length() / 2);

        assertThat(parse("78" + length + SPS_1280_720 + "0004" + "68ce3c80")).isTrue();

        assertThat(payload.isKeyFrameStart()).isTrue();
        assertThat(payload.width()).isEqualTo(1280);
    }

    @Test
    void refusesFormsThatPacketizationModeOneForbids() {
        assertThat(parse("")).isFalse();
        assertThat(parse("79" + "00")).isFalse(); // 0x79 is a STAP-B.
        assertThat(parse("60")).isFalse(); // 0x60 is the undefined type 0.
        assertThat(parse("7c")).isFalse(); // The fragment lacks its header.
        assertThat(parse("78" + "0009" + "65")).isFalse(); // The NAL unit is longer than the packet.
        assertThat(parse("78" + "0000")).isFalse();
    }

    private boolean parse(String hex) {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ff" + hex + "65"));
        return payload.parse(packet, 1, hex.length() / 2);
    }
}
