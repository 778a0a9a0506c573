package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.feedback.RtxReceiver;
import org.rotunda.media.testkit.FuzzInput;

/** Fuzzes the demultiplexer, the RTP header with its extensions, and the restoring of retransmitted packets. */
class RtpFuzzTest {
    private static final int RTX_PAYLOAD_TYPE = 97;
    private static final int RTX_SSRC = 0x0A0B0C0D;
    private static final int MEDIA_PAYLOAD_TYPE = 96;
    private static final int MEDIA_SSRC = 0x01020304;

    /** Each input is the id of an extension, then a packet. */
    static Stream<byte[]> seeds() {
        return Stream.of(
                        "01806f000100000002000000030a0b0c0d",
                        // One-byte extensions: id 1 with two bytes, padding, id 3 with one byte.
                        "0390600001000000020a0b0c0dbede000211aabb003099000010f0f0f0",
                        // Two-byte extensions: id 20 with three bytes and id 5 without a value.
                        "1490600001000000020a0b0c0d100000021403aabbcc050000010203",
                        // Two CSRCs and three bytes of padding.
                        "01a26f0001000000020a0b0c0d0000000100000002aabb000003",
                        // A retransmission of the packet with the number 0x1234.
                        "0180610001000000020a0b0c0d1234aabbcc",
                        // A receiver report.
                        "0180c9000100000001")
                .map(ByteBufUtil::decodeHexDump);
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int id = input.number();
        byte[] content = input.rest();
        ByteBuf packet = FuzzInput.datagram(content);
        PacketKind kind = PacketKind.of(packet);
        if (!RtpHeader.isValid(packet)) {
            return;
        }
        assertThat(kind).isIn(PacketKind.RTP, PacketKind.RTCP);
        int headerBytes = RtpHeader.lengthBytes(packet);
        assertThat(headerBytes).isBetween(RtpHeader.FIXED_LENGTH_BYTES, content.length);
        int element = RtpExtensions.find(packet, id);
        if (element != RtpExtensions.NONE) {
            assertThat(RtpExtensions.offset(element)).isGreaterThan(RtpHeader.FIXED_LENGTH_BYTES);
            assertThat(RtpExtensions.offset(element) + RtpExtensions.lengthBytes(element))
                    .isLessThanOrEqualTo(headerBytes);
        }
        assertThat(AudioLevel.read(packet, id)).isBetween(AudioLevel.NONE, 255);
        if (RtpHeader.isPaddingValid(packet)) {
            assertThat(RtpHeader.payloadLengthBytes(packet)).isNotNegative();
            assertThat(headerBytes + RtpHeader.payloadLengthBytes(packet) + RtpHeader.paddingLengthBytes(packet))
                    .isEqualTo(content.length);
        }
        assertThat(ByteBufUtil.getBytes(packet)).isEqualTo(content);
        writesTheSameHeader(packet, content);
        restores(packet, content);
    }

    /** Sets each field to another value and back. The packet must then be the same. */
    private static void writesTheSameHeader(ByteBuf packet, byte[] content) {
        boolean marker = RtpHeader.marker(packet);
        int payloadType = RtpHeader.payloadType(packet);
        int sequenceNumber = RtpHeader.sequenceNumber(packet);
        int timestamp = RtpHeader.timestamp(packet);
        int ssrc = RtpHeader.ssrc(packet);
        RtpHeader.setMarker(packet, !marker);
        RtpHeader.setPayloadType(packet, ~payloadType);
        RtpHeader.setSequenceNumber(packet, ~sequenceNumber);
        RtpHeader.setTimestamp(packet, ~timestamp);
        RtpHeader.setSsrc(packet, ~ssrc);
        assertThat(RtpHeader.payloadType(packet)).isEqualTo(~payloadType & 0x7F);
        assertThat(RtpHeader.sequenceNumber(packet)).isEqualTo(~sequenceNumber & 0xFFFF);
        RtpHeader.setMarker(packet, marker);
        RtpHeader.setPayloadType(packet, payloadType);
        RtpHeader.setSequenceNumber(packet, sequenceNumber);
        RtpHeader.setTimestamp(packet, timestamp);
        RtpHeader.setSsrc(packet, ssrc);
        assertThat(ByteBufUtil.getBytes(packet)).isEqualTo(content);
    }

    private static void restores(ByteBuf packet, byte[] content) {
        RtxReceiver receiver = new RtxReceiver();
        receiver.mapPayloadType(RTX_PAYLOAD_TYPE, MEDIA_PAYLOAD_TYPE);
        receiver.mapStream(RTX_SSRC, MEDIA_SSRC);
        int headerBytes = RtpHeader.lengthBytes(packet);
        RtxReceiver.Outcome outcome = receiver.restore(packet);
        assertThat(receiver.count(outcome)).isOne();
        if (outcome != RtxReceiver.Outcome.RESTORED) {
            assertThat(ByteBufUtil.getBytes(packet)).isEqualTo(content);
            return;
        }
        assertThat(RtpHeader.isValid(packet)).isTrue();
        assertThat(RtpHeader.isPaddingValid(packet)).isTrue();
        assertThat(RtpHeader.lengthBytes(packet)).isEqualTo(headerBytes);
        assertThat(packet.readableBytes()).isEqualTo(content.length - 2);
        assertThat(RtpHeader.ssrc(packet)).isEqualTo(MEDIA_SSRC);
        assertThat(RtpHeader.payloadType(packet)).isEqualTo(MEDIA_PAYLOAD_TYPE);
        assertThat(RtpHeader.sequenceNumber(packet))
                .isEqualTo((content[headerBytes] & 0xFF) << 8 | (content[headerBytes + 1] & 0xFF));
    }
}
