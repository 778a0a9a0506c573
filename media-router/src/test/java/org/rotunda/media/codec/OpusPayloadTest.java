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
        "78, 960", // CELT 20 ms: what Chromium sends, mono.
        "fc, 960", // The same in stereo.
        "08, 960", // SILK 20 ms.
        "18, 2880", // SILK 60 ms.
        "68, 960", // Hybrid 20 ms.
        "e0, 120", // CELT 2.5 ms.
        "79, 1920", // Two frames.
        "7b06, 5760", // Six frames: 120 ms.
        "7b07, -1", // More than 120 ms.
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
