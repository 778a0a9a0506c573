package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RtpProperties {
    @Property(tries = 2000)
    void neverReadsOutsideAnyPacket(@ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 255) int id) {
        if (bytes.length > 0) {
            bytes[0] = (byte) ((bytes[0] & 0x3F) | 0x80); // Sets version 2, so that most packets pass the first check.
        }
        readEverything(bytes, id);
    }

    @Property(tries = 2000)
    void neverReadsOutsideADamagedPacket(
            @ForAll @IntRange(max = 27) int at,
            @ForAll byte value,
            @ForAll @IntRange(min = 1, max = 28) int length,
            @ForAll @IntRange(max = 15) int id) {
        byte[] bytes = new byte[28];
        bytes[0] = (byte) 0xB0;
        bytes[12] = (byte) 0xBE;
        bytes[13] = (byte) 0xDE;
        bytes[15] = 1;
        bytes[16] = 0x12;
        bytes[27] = 3;
        bytes[at] = value;
        readEverything(Arrays.copyOf(bytes, length), id);
    }

    @Property
    void unwrapsToTheClosestNumber(
            @ForAll @LongRange(min = 1 << 16, max = 1L << 40) long reference,
            @ForAll @IntRange(min = -32_767, max = 32_767) int distance) {
        long value = reference + distance;
        assertThat(SequenceNumbers.unwrap((int) value & 0xFFFF, reference)).isEqualTo(value);
        assertThat(SequenceNumbers.unwrapTimestamp((int) value, reference)).isEqualTo(value);
        assertThat(SequenceNumbers.unwrap((int) value & 0xFFFF, reference, 16)).isEqualTo(value);
        assertThat(SequenceNumbers.difference((int) value & 0xFFFF, (int) reference & 0xFFFF))
                .isEqualTo(distance);
        assertThat(SequenceNumbers.isNewer((int) value & 0xFFFF, (int) reference & 0xFFFF))
                .isEqualTo(distance > 0);
    }

    @Property
    void unwrapsFifteenBitNumbers(
            @ForAll @LongRange(min = 1 << 16, max = 1L << 40) long reference,
            @ForAll @IntRange(min = -16_383, max = 16_383) int distance) {
        long value = reference + distance;
        assertThat(SequenceNumbers.unwrap((int) value & 0x7FFF, reference, 15)).isEqualTo(value);
    }

    private static void readEverything(byte[] bytes, int id) {
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        PacketKind.of(packet);
        if (!RtpHeader.isValid(packet)) {
            return;
        }
        int element = RtpExtensions.find(packet, id);
        if (element != RtpExtensions.NONE) {
            assertThat(RtpExtensions.offset(element) + RtpExtensions.lengthBytes(element))
                    .isLessThanOrEqualTo(RtpHeader.lengthBytes(packet));
        }
        AudioLevel.read(packet, id);
        if (RtpHeader.isPaddingValid(packet)) {
            assertThat(RtpHeader.payloadLengthBytes(packet)).isNotNegative();
            assertThat(RtpHeader.lengthBytes(packet)
                            + RtpHeader.payloadLengthBytes(packet)
                            + RtpHeader.paddingLengthBytes(packet))
                    .isEqualTo(bytes.length);
        }
    }
}
