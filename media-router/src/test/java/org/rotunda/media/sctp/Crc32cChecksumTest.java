package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class Crc32cChecksumTest {
    private final Crc32cChecksum checksum = new Crc32cChecksum();

    @Test
    void matchesTheTestVectorOfTheCrcRegister() {
        // The published check value of CRC32c for the text "123456789" is E3069283.
        java.util.zip.CRC32C plain = new java.util.zip.CRC32C();
        plain.update("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(plain.getValue()).isEqualTo(0xE3069283L);
    }

    @Test
    void thirtyTwoZeroBytesHaveTheVectorOfRfc3720() {
        ByteBuf packet = Unpooled.buffer(32).writeZero(32);
        assertThat(checksum.of(packet)).isEqualTo(0x8A9136AA); // RFC 3720 B.4 shows the bytes aa 36 91 8a.
        checksum.write(packet);
        assertThat(packet.getInt(8)).isEqualTo(0xAA36918A);
        assertThat(checksum.matches(packet)).isTrue();
    }

    @Test
    void theChecksumFieldItselfCountsAsZero() {
        ByteBuf packet = Unpooled.buffer(32).writeZero(32);
        packet.setInt(8, 0x12345678);
        assertThat(checksum.of(packet)).isEqualTo(0x8A9136AA);
        assertThat(checksum.matches(packet)).isFalse();
    }

    @Test
    void directAndSlicedBuffersHaveTheSameChecksum() {
        ByteBuf heap = Unpooled.buffer(64);
        for (int i = 0; i < 50; i++) {
            heap.writeByte(i);
        }
        ByteBuf direct = Unpooled.directBuffer(64).writeBytes(heap, 0, 50);
        ByteBuf inside = Unpooled.buffer(64).writeZero(7).writeBytes(heap, 0, 50);
        assertThat(checksum.of(direct)).isEqualTo(checksum.of(heap));
        assertThat(checksum.of(inside.slice(7, 50))).isEqualTo(checksum.of(heap));
        assertThat(checksum.of(inside.readerIndex(7))).isEqualTo(checksum.of(heap));
        direct.release();
    }
}
