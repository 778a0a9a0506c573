package org.rotunda.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpusPayloadTest {
    @ParameterizedTest
    @CsvSource({
        "78, 960", // This is a mono CELT frame of 20 ms, as Chromium sends it.
        "fc, 960", // This is the same frame in stereo.
        "08, 960", // This is a SILK frame of 20 ms.
        "18, 2880", // This is a SILK frame of 60 ms.
        "68, 960", // This is a hybrid frame of 20 ms.
        "e0, 120", // This is a CELT frame of 2.5 ms.
        "79, 1920", // The packet has two frames.
        "7b06, 5760", // The packet has six frames, 120 ms.
        "7b07, -1", // The packet has more than 120 ms.
        "7b00, -1",
        "7b, -1",
        "'', -1",
    })
    void readsTheDurationFromTheFirstByte(String hex, int samples) {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        assertThat(OpusPayload.durationSamples(packet, 0, packet.readableBytes()))
                .isEqualTo(samples);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, true", "3, false", "80, false"})
    void takesPacketsWithoutSoundForDtx(int lengthBytes, boolean isDtx) {
        assertThat(OpusPayload.isDtx(lengthBytes)).isEqualTo(isDtx);
    }
}
